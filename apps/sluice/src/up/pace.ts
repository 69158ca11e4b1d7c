/**
 * How fast `sluice up` feeds: at a wanted rate, but never further ahead of what arrives than the pipeline works off in a few seconds. So a slow
 * machine, or a skewed key in strict order, slows the feed down instead of piling up a backlog that Ctrl-C would have to drain.
 */
export interface PaceOptions {
  /** Records a second at most; infinity for as fast as the pipeline goes. */
  readonly rate: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Always allowed to be under way: enough to fill a few requests. */
const LEAST_BACKLOG = 2_000;
/** Otherwise, what arrives in so many seconds. */
const BACKLOG_SECONDS = 2;
/** Pause before the next look while the pipeline catches up. */
const LOOK_AGAIN_MS = 50;
/** Weight of the newest measurement of the arrival rate. */
const NEWEST_WEIGHT = 0.3;

export class Pace {
  readonly #rate: number;
  readonly #now: () => number;
  readonly #startedAtMs: number;
  #fed = 0;
  #arrived = 0;
  #arrivedAtMs: number;
  /** Records a second. */
  #arrivalRate = 0;

  constructor({ rate, now }: PaceOptions) {
    this.#rate = rate;
    this.#now = now;
    this.#startedAtMs = now();
    this.#arrivedAtMs = this.#startedAtMs;
  }

  /** Records that arrive a second, smoothed. */
  get arrivalRate(): number {
    return this.#arrivalRate;
  }

  /** Records were fed. */
  fed(count: number): void {
    this.#fed += count;
  }

  /** So many records have arrived in all. */
  arrived(total: number): void {
    const now = this.#now();
    const seconds = (now - this.#arrivedAtMs) / 1_000;
    if (seconds <= 0) return;
    const rate = Math.max(0, total - this.#arrived) / seconds;
    this.#arrivalRate = this.#arrivalRate === 0 ? rate : this.#arrivalRate + NEWEST_WEIGHT * (rate - this.#arrivalRate);
    this.#arrived = total;
    this.#arrivedAtMs = now;
  }

  /** Milliseconds to wait before more is fed; 0 for none. Ask again after the wait. */
  waitMs(): number {
    const allowed = Math.max(LEAST_BACKLOG, this.#arrivalRate * BACKLOG_SECONDS);
    if (this.#fed - this.#arrived >= allowed) return LOOK_AGAIN_MS;
    return Math.max(0, this.#startedAtMs + (this.#fed / this.#rate) * 1_000 - this.#now());
  }
}
