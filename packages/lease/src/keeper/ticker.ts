import type { Clock } from '@sluice/core';
import { SingleFlight } from './single-flight.ts';

/** However many notices come, this much time lies between two turns, milliseconds. */
const PAUSE_MS = 20;

/** Takes a turn at an interval, sooner when woken, never two at once. */
export class Ticker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #turns: SingleFlight;
  #timer: unknown;
  #dueAt = 0;
  #isStopped = false;

  constructor(clock: Clock, intervalMs: number, turn: () => Promise<void>) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#turns = new SingleFlight(turn);
  }

  start(): void {
    this.#schedule(0);
  }

  wake(): void {
    this.wakeAfter(0);
  }

  /** The next turn is in `delayMs` at the latest. */
  wakeAfter(delayMs: number): void {
    const pausedMs = Math.max(delayMs, PAUSE_MS);
    if (this.#clock.monotonic() + pausedMs < this.#dueAt) this.#schedule(pausedMs);
  }

  /** Resolves once the turn under way is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#clock.clearTimeout(this.#timer);
    await this.#turns.stop();
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#dueAt = this.#clock.monotonic() + delayMs;
    this.#timer = this.#clock.setTimeout(() => {
      this.#schedule(this.#intervalMs);
      this.#turns.run();
    }, delayMs);
  }
}
