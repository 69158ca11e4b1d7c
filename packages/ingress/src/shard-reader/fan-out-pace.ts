/**
 * How many pages are made of what a subscription pushes. To pass a page on costs much the same whether it holds one record or a hundred, for
 * this worker, Redis and whoever empties the lanes; and while one is being passed on, others come and are the next one together. So a
 * reader spends only a share of its time on that: the longer it takes, on a machine or a Redis with much to do, the more goes into a page.
 */

/** From page to page, milliseconds, however quickly they are passed on. A page that comes later than this after the one before waits for nothing. */
const LEAST_MS = 25;
/** As rarely as a shard may be polled. */
const MOST_MS = 200;
/** Of its time a reader spends a third on passing pages on. */
const TIMES_AS_LONG = 3;
/** Of what the latest page took, in what one takes. */
const WEIGHT = 0.3;

export class FanOutPace {
  /** What it takes to pass a page on. */
  #takesMs = 0;

  /** Least time from one page to the next, milliseconds. */
  get intervalMs(): number {
    return Math.min(MOST_MS, Math.max(LEAST_MS, TIMES_AS_LONG * this.#takesMs));
  }

  /** A page was passed on, and the next one is asked for. */
  passedOn(tookMs: number): void {
    // A reader that stood still, as its target was full, says nothing of how long the next page will take.
    this.#takesMs += WEIGHT * (Math.min(tookMs, MOST_MS) - this.#takesMs);
  }
}
