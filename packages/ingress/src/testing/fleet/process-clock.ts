import type { Clock } from '@sluice/core';

/**
 * The clock of one process among several that share a clock. While the process stands still, time goes on and its timers do not fire; what fell
 * due meanwhile fires when it goes on, as after SIGCONT. Once it has died, they never do.
 */
export class ProcessClock implements Clock {
  readonly #shared: Clock;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #due: Array<() => void> = [];
  #waiting: Array<() => void> = [];

  constructor(shared: Clock) {
    this.#shared = shared;
  }

  now(): number {
    return this.#shared.now();
  }

  monotonic(): number {
    return this.#shared.monotonic();
  }

  setTimeout(callback: (...args: unknown[]) => void, delayMs: number): unknown {
    const timer = { isCleared: false, handle: undefined as unknown };
    const fire = () => {
      if (timer.isCleared || this.#state === 'dead') return;
      if (this.#state === 'paused') this.#due.push(fire);
      else callback();
    };
    timer.handle = this.#shared.setTimeout(fire, delayMs);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (timer === undefined) return;
    const known = timer as { isCleared: boolean; handle: unknown };
    known.isCleared = true;
    this.#shared.clearTimeout(known.handle);
  }

  /** Resolves once the process runs. */
  async running(): Promise<void> {
    while (this.#state !== 'running') await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    for (const fire of this.#due.splice(0)) fire();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  kill(): void {
    this.#state = 'dead';
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }
}
