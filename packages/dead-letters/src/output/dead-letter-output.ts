import type { DeadLetter } from '@sluice/queue';

/** Where dead letters are sent on. */
export interface DeadLetterOutput extends Disposable {
  /** For operators: what it is and where. */
  readonly name: string;
  /**
   * Sends letters of one target. Answers, in their order, `undefined` for each that is safely there, else the error: a retryable one for
   * those to send again, a rejected one for those that it will never take. Rejects where it did nothing at all, or once the signal is aborted.
   */
  put(letters: readonly OutgoingLetter[], signal: AbortSignal): Promise<readonly (Error | undefined)[]>;
}

export interface OutgoingLetter {
  readonly letter: DeadLetter;
  /** The letter in the form of `formatDeadLetterLine`. */
  readonly line: string;
}
