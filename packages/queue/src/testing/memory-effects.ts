import type {
  CommandOperation,
  DeadLetterOperation,
  DelayOperation,
  LaneEffects,
  Operation,
  SendOperation,
} from '../effects/lane-effects.ts';
import { GuardFailedError } from '../errors.ts';
import { laneOf } from '../lanes/lane-of.ts';

/** The effects of a lane in memory, for fakes of a lane: what Redis would hold once they are applied. */
export class MemoryEffects {
  readonly #hashes = new Map<string, Map<string, string>>();
  readonly #lists = new Map<string, string[]>();
  /** What was sent, by target and lane, in order. */
  readonly sent: Array<{ readonly target: string; readonly lane: number; readonly data: Buffer }> = [];
  /** What is to be sent later and was not cancelled. */
  delayed: DelayOperation[] = [];
  readonly deadLetters: DeadLetterOperation[] = [];

  field = (key: string, field: string): string | undefined => this.#hashes.get(key)?.get(field);

  list = (key: string): readonly string[] => this.#lists.get(key) ?? [];

  /** Sets a field, as another process would. */
  set(key: string, field: string, value: string): void {
    this.#hash(key).set(field, value);
  }

  /** @throws {GuardFailedError} nothing is applied */
  check({ guards, operations }: LaneEffects): void {
    for (const [index, { key, field, expected }] of guards.entries()) {
      if (this.field(key, field) !== expected) throw new GuardFailedError('guard', index, `field ${field} of ${key}`);
    }
    const pending = new Set(this.delayed.map(tokenOf));
    for (const [index, operation] of operations.entries()) {
      if (operation.type === 'cancel') pending.delete(tokenOf(operation));
      if (operation.type !== 'delay' || operation.token === undefined) continue;
      if (pending.has(tokenOf(operation))) throw new GuardFailedError('token', index, `a free token in operation ${index}`);
      pending.add(tokenOf(operation));
    }
  }

  /** After {@link check}. */
  apply({ operations }: LaneEffects): void {
    for (const operation of operations) this.#apply(operation);
  }

  #apply(operation: Operation): void {
    switch (operation.type) {
      case 'command':
        this.#run(operation);
        return;
      case 'send':
        this.#send(operation);
        return;
      case 'delay':
        this.delayed.push(operation);
        return;
      case 'deadLetter':
        if (!this.deadLetters.some(({ id }) => id === operation.id)) this.deadLetters.push(operation);
        return;
      case 'cancel':
        this.delayed = this.delayed.filter((one) => one.token === undefined || tokenOf(one) !== tokenOf(operation));
    }
  }

  #send({ target, lanes, records }: SendOperation): void {
    for (const { partitionKey, data } of records) this.sent.push({ target, lane: laneOf(partitionKey, lanes), data: Buffer.from(data) });
  }

  #run({ command }: CommandOperation): void {
    const [name, key, ...rest] = command;
    const args = rest.map(String);
    switch (name) {
      case 'HSET':
        for (let at = 0; at < args.length; at += 2) this.#hash(key).set(args[at]!, args[at + 1]!);
        return;
      case 'HDEL':
        for (const field of args) this.#hash(key).delete(field);
        return;
      case 'HINCRBY':
        this.#hash(key).set(args[0]!, String(Number(this.field(key, args[0]!) ?? 0) + Number(args[1])));
        return;
      case 'RPUSH':
        this.#lists.set(key, [...this.list(key), ...args]);
        return;
      case 'LPOP':
        this.#lists.set(key, this.list(key).slice(Number(args[0] ?? 1)));
        return;
      case 'DEL':
        for (const each of [key, ...args]) {
          this.#hashes.delete(each);
          this.#lists.delete(each);
        }
        return;
      case 'PEXPIRE':
      case 'PERSIST':
        // A fake has no clock.
        return;
    }
  }

  #hash(key: string): Map<string, string> {
    const hash = this.#hashes.get(key) ?? new Map<string, string>();
    this.#hashes.set(key, hash);
    return hash;
  }
}

const tokenOf = ({ sender, token }: { readonly sender: string; readonly token: string | undefined }): string =>
  JSON.stringify([sender, token]);
