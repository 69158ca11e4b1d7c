/**
 * Sends dead letters on and removes them from Redis once the output has confirmed them: a crash in between sends them twice, and none is
 * lost. A letter that the output will never take stays in Redis and is passed over from then on.
 */
import { type ErrorReport, isRejected, toErrorReport } from '@sluice/core';
import { type BrokenDeadLetter, type DeadLetter, formatDeadLetterLine } from '@sluice/queue';
import type { DeadLetterOutput, OutgoingLetter } from '../output/dead-letter-output.ts';

/** The dead letters in Redis, as one who holds the lease sees them. Every method rejects once that connection is over. */
export interface DeadLetterStore {
  targets(): Promise<readonly string[]>;
  /** The oldest that are not among `skip`. */
  read(target: string, skip: ReadonlySet<string>): Promise<readonly (DeadLetter | BrokenDeadLetter)[]>;
  remove(target: string, ids: readonly string[]): Promise<void>;
}

export type SenderEvent =
  | { readonly type: 'deadLetters.sent'; readonly target: string; readonly records: number }
  | { readonly type: 'deadLetter.kept'; readonly target: string; readonly id: string; readonly error: ErrorReport };

export interface LetterSenderPorts {
  /** Opened when there is something to send for the first time, and after it could not be opened. */
  readonly openOutput: (signal: AbortSignal) => Promise<DeadLetterOutput>;
  readonly emit: (event: SenderEvent) => void;
}

export class LetterSender implements Disposable {
  readonly #ports: LetterSenderPorts;
  readonly #kept = new Map<string, Set<string>>();
  #output: DeadLetterOutput | undefined;

  constructor(ports: LetterSenderPorts) {
    this.#ports = ports;
  }

  /**
   * Sends some letters of each target. Answers whether there may be more.
   * @throws why some could not be sent that can be later; those that were confirmed are removed before. Where the output fails as a whole it
   * is not tried with another target
   */
  async sendSome(store: DeadLetterStore, signal: AbortSignal): Promise<{ readonly isMore: boolean }> {
    let isMore = false;
    let failure: Error | undefined;
    for (const target of await store.targets()) {
      const kept = this.#keptOf(target);
      const found = await store.read(target, kept);
      signal.throwIfAborted();
      if (found.length === 0) continue;
      isMore = true;
      for (const { id, error } of found.filter((one) => 'error' in one)) this.#keep(target, id, error);
      const letters = found.filter((one) => 'record' in one).map((letter) => ({ letter, line: formatDeadLetterLine(letter) }));
      if (letters.length > 0) failure = (await this.#send(store, target, letters, signal)) ?? failure;
    }
    if (failure) throw failure;
    return { isMore };
  }

  [Symbol.dispose](): void {
    this.#output?.[Symbol.dispose]();
    this.#output = undefined;
  }

  /** Answers why some of them could not be sent that can be later. */
  async #send(store: DeadLetterStore, target: string, letters: readonly OutgoingLetter[], signal: AbortSignal): Promise<Error | undefined> {
    this.#output ??= await this.#ports.openOutput(signal);
    const outcomes = await this.#output.put(letters, signal);
    const sent = letters.filter((_, index) => outcomes[index] === undefined).map(({ letter }) => letter.id);
    await store.remove(target, sent);
    if (sent.length > 0) this.#ports.emit({ type: 'deadLetters.sent', target, records: sent.length });
    let failure: Error | undefined;
    for (const [index, error] of outcomes.entries()) {
      if (isRejected(error)) this.#keep(target, letters[index]!.letter.id, error);
      else failure ??= error;
    }
    return failure;
  }

  #keep(target: string, id: string, error: unknown): void {
    this.#keptOf(target).add(id);
    this.#ports.emit({ type: 'deadLetter.kept', target, id, error: toErrorReport(error) });
  }

  #keptOf(target: string): Set<string> {
    const kept = this.#kept.get(target) ?? new Set();
    this.#kept.set(target, kept);
    return kept;
  }
}
