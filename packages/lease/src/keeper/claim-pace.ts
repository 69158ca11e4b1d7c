import type { Clock } from '@sluice/core';

const FIRST = 16;
const MOST = 64;

/**
 * How many leases are claimed at once. What was claimed has to be begun with, and renewed in time: on a machine that is slow now, for
 * whatever reason, many claims at once would all have expired before the last of them is answered.
 */
export class ClaimPace {
  readonly #clock: Clock;
  readonly #slowMs: number;
  #size = FIRST;

  /** @param intervalMs between two renewals */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#slowMs = intervalMs / 4;
  }

  get size(): number {
    return this.#size;
  }

  /** Halves the size where this took long, doubles it otherwise. */
  async measure(claims: () => Promise<unknown>): Promise<void> {
    const startedAt = this.#clock.monotonic();
    await claims();
    const isSlow = this.#clock.monotonic() - startedAt > this.#slowMs;
    this.#size = isSlow ? Math.max(1, this.#size >> 1) : Math.min(MOST, this.#size * 2);
  }
}
