/**
 * How many requests an endpoint is given at a time. It has the whole number until the endpoint says that it has too much (429, 503) or
 * refuses connections; then the number is halved, at most once for the requests of one round. It grows by one with each answer up to half
 * of what was too much, and from there by one with each round. `Retry-After` stops new requests until then.
 */
import type { Clock } from '@sluice/core';

/** An open request. */
export interface Ticket {
  readonly startedAtMs: number;
}

export interface Overload {
  /** Of the answer; `undefined` where the connection was refused. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The longest that a `Retry-After` is believed. */
const MAX_PAUSE_MS = 60_000;

export interface EndpointLimitOptions {
  readonly max: number;
  readonly clock: Clock;
  /** More may start than before. */
  readonly onRoom: () => void;
  /** The number was halved, or is whole again. */
  readonly onAdapted: (limit: number) => void;
}

export class EndpointLimit {
  readonly #options: EndpointLimitOptions;
  #limit: number;
  #threshold: number;
  #inFlight = 0;
  #reducedAtMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #timer: unknown;

  constructor(options: EndpointLimitOptions) {
    this.#options = options;
    this.#limit = options.max;
    this.#threshold = options.max;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.limit && this.#options.clock.monotonic() >= this.#pausedUntilMs;
  }

  start(): Ticket {
    this.#inFlight++;
    return { startedAtMs: this.#options.clock.monotonic() };
  }

  end(): void {
    this.#inFlight--;
  }

  /** The endpoint has done the work of a request. */
  succeeded(): void {
    const { max, onAdapted } = this.#options;
    if (this.#limit >= max) return;
    this.#limit = Math.min(max, this.#limit + (this.#limit < this.#threshold ? 1 : 1 / this.#limit));
    if (this.#limit === max) onAdapted(max);
  }

  /** The endpoint has not taken a request, or one attempt of it. */
  overloaded({ startedAtMs }: Ticket, { retryAfterMs }: Overload): void {
    const now = this.#options.clock.monotonic();
    if (retryAfterMs !== undefined) this.#pause(now + Math.min(retryAfterMs, MAX_PAUSE_MS));
    if (startedAtMs <= this.#reducedAtMs) return;
    this.#reducedAtMs = now;
    this.#threshold = Math.max(1, Math.min(this.#limit, this.#inFlight) / 2);
    this.#limit = this.#threshold;
    this.#options.onAdapted(this.limit);
  }

  #pause(untilMs: number): void {
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedUntilMs = untilMs;
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = this.#options.clock.setTimeout(this.#options.onRoom, untilMs - this.#options.clock.monotonic());
  }

  [Symbol.dispose](): void {
    this.#options.clock.clearTimeout(this.#timer);
  }
}
