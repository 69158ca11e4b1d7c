import type { WriterEvent } from '@sluice/telemetry';

/** How often to look at how many records wait. */
const LOOK_MS = 100;

/** Reports how long records wait for budget, all of them together. */
export class BudgetWaits {
  readonly #count: () => number;
  readonly #emit: (event: WriterEvent) => void;
  #waiting = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param count of the records that wait now */
  constructor(count: () => number, emit: (event: WriterEvent) => void) {
    this.#count = count;
    this.#emit = emit;
  }

  /** To be called whenever something may have changed; what waits lasts until the next look. */
  look(nowMs: number): void {
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    if (this.#waiting > 0) this.#emit({ type: 'budget.awaited', recordSeconds: (this.#waiting * (nowMs - this.#lookedMs)) / 1_000 });
    this.#waiting = this.#count();
    this.#lookedMs = nowMs;
  }
}
