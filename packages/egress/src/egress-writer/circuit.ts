import { type BackoffPolicy, backoffDelay } from '@sluice/core';

/** Failed requests in a row that are taken for chance. */
const TOLERATED = 2;

/**
 * Spares an endpoint that answers nothing. Each failed request backs off for its own records; after three in a row all others wait too, and
 * one request at a time tries whether it is back.
 */
export class Circuit {
  readonly #backoff: BackoffPolicy;
  #failuresInRow = 0;
  #closedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(backoff: BackoffPolicy) {
    this.#backoff = backoff;
  }

  /** Requests that may be open at the same time, out of `maxInFlight`. */
  allowedInFlight(maxInFlight: number): number {
    return this.#failuresInRow > TOLERATED ? 1 : maxInFlight;
  }

  /** When the next request may start; in the past while all is well. */
  get opensAtMs(): number {
    return this.#closedUntilMs;
  }

  requestAnswered(): void {
    this.#failuresInRow = 0;
    this.#closedUntilMs = Number.NEGATIVE_INFINITY;
  }

  requestFailed(nowMs: number, random: number): void {
    this.#failuresInRow++;
    if (this.#failuresInRow <= TOLERATED) return;
    this.#closedUntilMs = nowMs + backoffDelay(this.#backoff, this.#failuresInRow - TOLERATED - 1, random);
  }
}
