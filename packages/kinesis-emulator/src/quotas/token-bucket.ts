/**
 * A quota per second. It holds at most one second's worth, so a caller that paused may send that much at once.
 * Time is an argument: monotonic milliseconds.
 */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledAtMs = nowMs;
  }

  /** Tokens there are; negative while a debt is being paid off. */
  level(nowMs: number): number {
    const gained = ((nowMs - this.#filledAtMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    return this.#tokens;
  }

  /** Whether `amount` may pass now. More than a second's worth needs a full bucket, and leaves a debt. */
  has(amount: number, nowMs: number): boolean {
    return this.level(nowMs) >= Math.min(amount, this.#perSecond);
  }

  take(amount: number): void {
    this.#tokens -= amount;
  }

  /** Takes what was only known afterwards. More than a second's worth is paid off in full: 10 MiB at 2 MiB/s closes the bucket for 5 s. */
  charge(amount: number): void {
    this.#tokens = amount > this.#perSecond ? -amount : this.#tokens - amount;
  }
}
