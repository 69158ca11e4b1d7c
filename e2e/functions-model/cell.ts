/**
 * The model's function: pure, so that a program of commands has one right outcome. What it can see to be wrong by itself (a lost, doubled or
 * overtaken message, a timer that is early, state that does not fit together) it keeps in its state as a violation.
 */
import {
  ALARM,
  CELL,
  COMMAND,
  type Command,
  type Mark,
  MESSAGE,
  type Message,
  NAMESPACE,
  raceToken,
  STREAM_OUT,
  TWIN,
  type Written,
} from './commands.ts';
import { type Delayed, type FunctionRequest, type FunctionResult, kinesisEgressRecord, type TypedValue } from './wire.ts';

export const STATES: ReadonlyMap<string, string> = new Map([
  ['ledger', 'model/ledger'],
  ['total', 'io.statefun.types/long'],
  ['mark', 'model/mark'],
]);

/** What a cell remembers. */
export interface Ledger {
  /** Commands carried out, in their order. */
  commands: number;
  lastCommand: number;
  added: number;
  /** The same number is in the state `total`. */
  total: number;
  /** To whom, and how many. */
  sent: Record<string, number>;
  seen: Record<string, number>;
  later: number;
  races: number;
  written: number;
  mark: Mark;
  violations: string[];
}

const NEW_LEDGER: Readonly<Ledger> = {
  ...{
    commands: 0,
    lastCommand: -1,
    added: 0,
    total: 0,
    sent: {},
    seen: {},
    later: 0,
    races: 0,
    written: 0,
    mark: 'absent',
    violations: [],
  },
};

const MARKS: Readonly<Record<Mark, TypedValue | undefined>> = {
  absent: undefined,
  empty: { typename: 'model/mark', value: new Uint8Array() },
  text: { typename: 'model/mark', value: Buffer.from('text') },
};

const KEPT_VIOLATIONS = 5;

/** @param nowMs the time of the call, milliseconds since 1970 */
export function callCell({ target, states, messages }: FunctionRequest, nowMs: number): FunctionResult {
  const cell = new Cell(target.id, states, nowMs);
  for (const { caller, argument } of messages) {
    if (argument.typename === COMMAND) {
      if (caller) cell.complain(`a command came from ${caller.type}/${caller.id}`);
      cell.obey(parse<Command>(argument));
    } else {
      cell.receive(parse<Message>(argument), caller?.id);
    }
  }
  return cell.result();
}

/** The twin does what it is told: it cancels the alarm of the cell with its id, and counts. */
export function callTwin({ states, messages }: FunctionRequest): FunctionResult {
  const total = readLong(states.get('total')) + messages.length;
  return {
    states: [{ name: 'total', value: longValue(total) }],
    messages: [],
    delayed: messages.map(() => ({ cancel: ALARM })),
    egress: [],
  };
}

class Cell {
  readonly #id: string;
  readonly #nowMs: number;
  readonly #ledger: Ledger;
  readonly #messages: FunctionResult['messages'][number][] = [];
  readonly #delayed: Delayed[] = [];
  readonly #egress: FunctionResult['egress'][number][] = [];

  constructor(id: string, states: FunctionRequest['states'], nowMs: number) {
    this.#id = id;
    this.#nowMs = nowMs;
    const stored = states.get('ledger');
    this.#ledger = stored ? parse<Ledger>(stored) : structuredClone(NEW_LEDGER);
    const total = states.get('total');
    if (stored && readLong(total) !== this.#ledger.total) this.complain(`total is ${readLong(total)}, expected ${this.#ledger.total}`);
    if (stored && total === undefined) this.complain('total is absent');
    const mark = states.get('mark');
    const found = mark === undefined ? 'absent' : mark.value.length === 0 ? 'empty' : 'text';
    if (found !== this.#ledger.mark) this.complain(`mark is ${found}, expected ${this.#ledger.mark}`);
  }

  complain(what: string): void {
    if (this.#ledger.violations.length < KEPT_VIOLATIONS) this.#ledger.violations.push(what);
  }

  obey(command: Command): void {
    const ledger = this.#ledger;
    if (command.n <= ledger.lastCommand) this.complain(`command ${command.n} after ${ledger.lastCommand}`);
    ledger.lastCommand = command.n;
    ledger.commands += 1;
    switch (command.do) {
      case 'add':
        ledger.added += command.amount;
        ledger.total += command.amount;
        return;
      case 'send': {
        const sequence = (ledger.sent[command.to] ?? 0) + 1;
        ledger.sent[command.to] = sequence;
        this.#send(CELL, command.to, { kind: 'sent', from: this.#id, sequence, amount: command.amount });
        return;
      }
      case 'later': {
        const { to, amount, delayMs } = command;
        const notBeforeMs = this.#nowMs + delayMs;
        this.#sendLater(delayMs, to, { kind: 'later', from: this.#id, amount, notBeforeMs });
        return;
      }
      case 'race': {
        const { to, n, delayMs } = command;
        this.#sendLater(delayMs, to, { kind: 'race', from: this.#id, n, notBeforeMs: this.#nowMs + delayMs }, raceToken(n));
        return;
      }
      case 'cancel':
        this.#delayed.push({ cancel: raceToken(command.race) });
        return;
      case 'arm':
        this.#delayed.push({ cancel: ALARM });
        this.#sendLater(3_600_000, this.#id, { kind: 'alarm' }, ALARM);
        return;
      case 'disarm':
        this.#delayed.push({ cancel: ALARM });
        return;
      case 'disarm by twin':
        this.#send(TWIN, this.#id, { kind: 'disarm' });
        return;
      case 'write':
        this.#write(command.n);
        return;
      case 'mark':
        ledger.mark = command.as;
        return;
      case 'verify':
        if (ledger.commands !== command.commands || ledger.added !== command.added)
          this.complain(
            `${ledger.commands} commands and ${ledger.added} at command ${command.n}, expected ${command.commands} and ${command.added}`,
          );
        return;
      case 'fail':
        return;
    }
  }

  receive(message: Message, caller: string | undefined): void {
    const ledger = this.#ledger;
    if ('from' in message && message.from !== caller) this.complain(`the caller is ${caller}, expected ${message.from}`);
    if ('notBeforeMs' in message && this.#nowMs < message.notBeforeMs)
      this.complain(`a timer of ${message.from} is ${message.notBeforeMs - this.#nowMs} ms early`);
    switch (message.kind) {
      case 'sent': {
        const expected = (ledger.seen[message.from] ?? 0) + 1;
        if (message.sequence !== expected) this.complain(`message ${message.sequence} of ${message.from}, expected ${expected}`);
        ledger.seen[message.from] = message.sequence;
        ledger.total += message.amount;
        return;
      }
      case 'later':
        ledger.later += 1;
        ledger.total += message.amount;
        return;
      case 'race':
        ledger.races += 1;
        this.#write(message.n);
        return;
      default:
        this.complain(`${message.kind} arrived`);
    }
  }

  result(): FunctionResult {
    const mark = MARKS[this.#ledger.mark];
    return {
      states: [
        { name: 'ledger', value: { typename: 'model/ledger', value: json(this.#ledger) } },
        { name: 'total', value: longValue(this.#ledger.total) },
        { name: 'mark', ...(mark && { value: mark }) },
      ],
      messages: this.#messages,
      delayed: this.#delayed,
      egress: this.#egress,
    };
  }

  #send(type: string, id: string, message: Message): void {
    this.#messages.push({ target: { namespace: NAMESPACE, type, id }, argument: messageValue(message) });
  }

  #sendLater(delayMs: number, id: string, message: Message, token?: string): void {
    const target = { namespace: NAMESPACE, type: CELL, id };
    this.#delayed.push({ delayMs, target, argument: messageValue(message), ...(token !== undefined && { token }) });
  }

  #write(n: number): void {
    this.#ledger.written += 1;
    const written: Written = { id: this.#id, sequence: this.#ledger.written, n };
    this.#egress.push({ namespace: NAMESPACE, type: 'out', argument: kinesisEgressRecord(STREAM_OUT, this.#id, json(written)) });
  }
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const parse = <Value>({ value }: TypedValue): Value => JSON.parse(Buffer.from(value).toString()) as Value;

const messageValue = (message: Message): TypedValue => ({ typename: MESSAGE, value: json(message) });

/** 0 has no bytes: a value that is present and empty. */
function longValue(value: number): TypedValue {
  const bytes = Buffer.alloc(value === 0 ? 0 : 9);
  if (value !== 0) bytes.writeBigInt64LE(BigInt(value), bytes.writeUInt8(0x09, 0));
  return { typename: 'io.statefun.types/long', value: bytes };
}

export const readLong = (stored: TypedValue | undefined): number =>
  stored === undefined || stored.value.length === 0 ? 0 : Number(Buffer.from(stored.value).readBigInt64LE(1));
