/** The smallest runtime: addresses, timers and state in memory. It can make one mistake, which the model must notice. */
import type { SeededRandom } from '@sluice/testkit';
import { callCell, callTwin, type Ledger, readLong } from './cell.ts';
import { CELL, COMMAND, type Command, TWIN, type Written } from './commands.ts';
import type { Outcome } from './outcome.ts';
import {
  type Address,
  type Delayed,
  dataOfKinesisEgressRecord,
  type FunctionRequest,
  type FunctionResult,
  type TypedValue,
} from './wire.ts';

export type Mistake =
  | 'none'
  | 'a message is lost'
  | 'a message is doubled'
  | 'a message is overtaken'
  | 'a timer is early'
  | 'a timer is lost'
  | 'a timer is doubled'
  | 'a cancellation is lost'
  | 'empty is taken for absent'
  | 'state is lost'
  | 'egress is doubled'
  | 'tokens are kept by type';

type Message = FunctionRequest['messages'][number];

interface Timer {
  readonly dueMs: number;
  readonly sender: Address;
  readonly target: Address;
  readonly message: Message;
  readonly token: string | undefined;
}

const NAMES: Readonly<Record<string, readonly string[]>> = { [CELL]: ['ledger', 'total', 'mark'], [TWIN]: ['total'] };
/** The mistake is made at every so many chances. */
const GOES_WRONG_AT = 5;

export class MemoryRuntime {
  readonly #random: SeededRandom;
  readonly #mistake: Mistake;
  readonly #states = new Map<string, Map<string, TypedValue>>();
  readonly #queues = new Map<string, { target: Address; messages: Message[] }>();
  readonly #written: Written[] = [];
  #timers: Timer[] = [];
  #chances = 0;
  #nowMs = 1_000_000;

  constructor(random: SeededRandom, mistake: Mistake) {
    this.#random = random;
    this.#mistake = mistake;
  }

  command(id: string, command: Command): void {
    this.#push({ namespace: 'model', type: CELL, id }, { argument: { typename: COMMAND, value: Buffer.from(JSON.stringify(command)) } });
    if (this.#random.chance(0.5)) this.#step();
  }

  /** Runs until nothing waits. An alarm that is still set goes off. */
  finish(): Outcome {
    while (this.#queues.size > 0 || this.#timers.length > 0) this.#step();
    const ofType = (type: string) => [...this.#states].filter(([key]) => key.startsWith(`${type}/`));
    const ledgers = ofType(CELL).map(([key, states]) => [key.slice(CELL.length + 1), readJson<Ledger>(states.get('ledger')!)] as const);
    const twins = ofType(TWIN).reduce((sum, [, states]) => sum + readLong(states.get('total')), 0);
    return { ledgers: new Map(ledgers), twins, written: this.#written };
  }

  #step(): void {
    this.#nowMs += 20;
    const due = this.#timers.filter((timer) => timer.dueMs <= this.#nowMs || this.#goesWrong('a timer is early'));
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { target, message } of due) {
      if (this.#goesWrong('a timer is lost')) continue;
      this.#push(target, message);
      if (this.#goesWrong('a timer is doubled')) this.#push(target, message);
    }
    const queues = [...this.#queues];
    if (queues.length === 0) return;
    const [key, { target, messages }] = this.#random.pick(queues);
    this.#queues.delete(key);
    if (messages.length > 1 && this.#goesWrong('a message is overtaken')) messages.reverse();
    const stored = this.#states.get(key) ?? new Map<string, TypedValue>();
    if (stored.size > 0 && this.#goesWrong('state is lost')) stored.clear();
    const states = new Map(NAMES[target.type]!.map((name) => [name, this.#read(stored.get(name))]));
    const request = { target, states, messages };
    this.#apply(key, target, target.type === CELL ? callCell(request, this.#nowMs) : callTwin(request));
  }

  #read(value: TypedValue | undefined): TypedValue | undefined {
    return value?.value.length === 0 && this.#mistake === 'empty is taken for absent' ? undefined : value;
  }

  #apply(key: string, sender: Address, { states, messages, delayed, egress }: FunctionResult): void {
    for (const { target, argument } of messages) {
      if (this.#goesWrong('a message is lost')) continue;
      this.#push(target, { caller: sender, argument });
      if (this.#goesWrong('a message is doubled')) this.#push(target, { caller: sender, argument });
    }
    for (const one of delayed) this.#delay(sender, one);
    for (const { argument } of egress) {
      this.#written.push(JSON.parse(Buffer.from(dataOfKinesisEgressRecord(argument)).toString()) as Written);
      if (this.#goesWrong('egress is doubled')) this.#written.push(this.#written.at(-1)!);
    }
    const stored = this.#states.get(key) ?? new Map<string, TypedValue>();
    this.#states.set(key, stored);
    for (const { name, value } of states) {
      if (value) stored.set(name, value);
      else stored.delete(name);
    }
  }

  #delay(sender: Address, delayed: Delayed): void {
    if (!('cancel' in delayed)) {
      const { delayMs, target, argument, token } = delayed;
      this.#timers.push({ dueMs: this.#nowMs + delayMs, sender, target, message: { caller: sender, argument }, token });
    } else if (!this.#goesWrong('a cancellation is lost')) {
      const isMeant = (timer: Timer) =>
        timer.token === delayed.cancel &&
        timer.sender.id === sender.id &&
        (this.#mistake !== 'tokens are kept by type' || timer.sender.type === sender.type);
      this.#timers = this.#timers.filter((timer) => !isMeant(timer));
    }
  }

  #push(target: Address, message: Message): void {
    const key = `${target.type}/${target.id}`;
    const queue = this.#queues.get(key) ?? { target, messages: [] };
    this.#queues.set(key, queue);
    queue.messages.push(message);
  }

  #goesWrong(mistake: Mistake): boolean {
    if (mistake !== this.#mistake) return false;
    this.#chances += 1;
    return this.#chances % GOES_WRONG_AT === 0;
  }
}

const readJson = <Value>({ value }: TypedValue): Value => JSON.parse(Buffer.from(value).toString()) as Value;
