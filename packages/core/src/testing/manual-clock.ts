import type { Clock } from '../clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: (...args: unknown[]) => void;
}

/** A clock that moves only when told. Wall and monotonic time advance together; timers fire in order of their due time. */
export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #startMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs = 1_700_000_000_000) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimeout(callback: (...args: unknown[]) => void, delayMs: number): Timer {
    const timer = { due: this.#elapsed + delayMs, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as Timer);
  }

  /** Moves time on and fires what falls due on the way. */
  advance(byMs: number): void {
    const until = this.#elapsed + byMs;
    for (let next = this.#nextDue(until); next; next = this.#nextDue(until)) {
      this.#elapsed = Math.max(this.#elapsed, next.due);
      this.#timers.delete(next);
      next.callback();
    }
    this.#elapsed = until;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  #nextDue(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.due <= until && (!first || timer.due < first.due)) first = timer;
    return first;
  }
}
