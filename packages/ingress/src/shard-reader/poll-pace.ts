/**
 * How long to leave a shard alone between two calls. Kinesis allows five calls and 2 MiB a second for all that poll a shard, and says only by
 * throttling that there are others. So the pace is learned: a call that is throttled doubles the time between two, pages that arrive
 * shorten it again, but for a while not to where it was throttled. Then it tries whether the others are gone.
 */
/** The penalty for a 10 MiB reply. */
const MAX_INTERVAL_MS = 5_000;
const SHORTEN = 0.9;
/** How far to stay from an interval that was too short, and for how long. */
const AWAY = 1.25;
const REMEMBERED_MS = 60_000;
/** Five that share a shard evenly have one call a second each: what was throttled beyond that says nothing of the pace. */
const MAX_TIGHT_MS = 1_000;

export class PollPace {
  readonly #leastMs: number;
  #intervalMs: number;
  /** Was too short, and when. */
  #tightMs = 0;
  #throttledAtMs = Number.NEGATIVE_INFINITY;
  #isThrottled = false;

  /** @param leastMs the user's interval */
  constructor(leastMs: number) {
    this.#leastMs = leastMs;
    this.#intervalMs = leastMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  throttled(nowMs: number): void {
    // Only the first one in a row was sent at that pace; the others are what it cost.
    if (!this.#isThrottled) this.#tightMs = Math.min(this.#intervalMs, MAX_TIGHT_MS);
    this.#isThrottled = true;
    this.#throttledAtMs = nowMs;
    this.#intervalMs = Math.min(this.#intervalMs * 2, MAX_INTERVAL_MS);
  }

  arrived(nowMs: number): void {
    this.#isThrottled = false;
    const isRemembered = nowMs - this.#throttledAtMs < REMEMBERED_MS;
    const least = isRemembered ? Math.max(this.#leastMs, AWAY * this.#tightMs) : this.#leastMs;
    this.#intervalMs = Math.max(least, this.#intervalMs * SHORTEN);
  }
}
