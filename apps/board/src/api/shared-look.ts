import type { Clock } from '@sluice/core';

/**
 * Lets all who ask within `forMs` share one answer, and so one look at Redis. A look that failed is shared by those who waited for it
 * and by nobody after.
 */
export class SharedLook<T> {
  readonly #look: () => Promise<T>;
  readonly #forMs: number;
  readonly #clock: Clock;
  #answer: Promise<T> | undefined;
  #untilMs = 0;

  constructor(look: () => Promise<T>, { forMs, clock }: { readonly forMs: number; readonly clock: Clock }) {
    this.#look = look;
    this.#forMs = forMs;
    this.#clock = clock;
  }

  get(): Promise<T> {
    if (this.#answer && this.#clock.monotonic() < this.#untilMs) return this.#answer;
    // Until it is there nobody starts another one.
    this.#untilMs = Number.POSITIVE_INFINITY;
    const startedAtMs = this.#clock.monotonic();
    const answer = this.#look();
    this.#answer = answer;
    answer.then(
      () => {
        this.#untilMs = startedAtMs + this.#forMs;
      },
      () => {
        this.#answer = undefined;
      },
    );
    return answer;
  }
}
