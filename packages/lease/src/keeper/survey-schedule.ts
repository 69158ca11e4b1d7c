/**
 * When a keeper must ask who holds what. Whatever changes that is heard of: by a notice, in the answer of a renewal, or because the keeper
 * did it itself. So a survey is due when something happened and after each survey that found work to do; at rest one every few renewals is
 * enough, for a notice that was lost.
 *
 * A survey is as dear as there are rows, and a notice reaches every worker: where many come, the pause between two surveys grows with the rows.
 */
import type { Clock } from '@sluice/core';
import type { SurveyedRow } from '../lease-store.ts';

const RENEWALS_AT_REST = 10;
const PAUSE_PER_ROW_MS = 0.2;

export class SurveySchedule {
  readonly #clock: Clock;
  readonly #restMs: number;
  #isRequested = true;
  #begunAt = Number.NEGATIVE_INFINITY;
  #keys: readonly string[] = [];

  /** @param intervalMs between two renewals */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#restMs = intervalMs * (RENEWALS_AT_REST - 0.5);
  }

  /** Something happened: the next survey is due. */
  request(): void {
    this.#isRequested = true;
  }

  get isDue(): boolean {
    return this.#isRequested || this.#clock.monotonic() - this.#begunAt >= this.#restMs;
  }

  /** How long a survey that a notice asks for has to wait, milliseconds. */
  get pauseMs(): number {
    return Math.max(0, this.#begunAt + this.#keys.length * PAUSE_PER_ROW_MS - this.#clock.monotonic());
  }

  /** Whether these rows are to be surveyed now; what is requested from here on asks for another survey. */
  begin(keys: readonly string[]): boolean {
    if (!this.isDue && isSame(keys, this.#keys)) return false;
    this.#isRequested = false;
    this.#begunAt = this.#clock.monotonic();
    this.#keys = keys;
    return true;
  }
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((key, index) => key === others[index]);

/** When the first row of another worker expires unless it is renewed, milliseconds from the survey. A living worker's never comes near. */
export const untilNextExpiry = (surveyed: readonly SurveyedRow[], worker: string): number =>
  1 + Math.min(...surveyed.filter((row) => row.remainingMs > 0 && row.worker !== worker).map(({ remainingMs }) => remainingMs));
