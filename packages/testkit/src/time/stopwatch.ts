const SAMPLE_INTERVAL_MS = 100;
/** Long enough that a scheduler with more work than cores interrupts it. */
const WORK_MS = 8;
/** Load excuses no more than this: a limit must hold on a machine ten times slower, and a tenth of all that passes always counts. */
const LEAST_SHARE = 0.1;

/**
 * Measures time as it passes on a quiet machine: for limits that a user is promised ("stops within two seconds") and that must hold in a
 * test run beside a dozen other processes. Ten times a second it works a little and compares the time that took with the processor time
 * it got; an interval in which this process got half a core counts half.
 *
 * That is right for work, which takes twice as long with half a core, and wrong for a timer, such as the rest of a lease, which runs out no
 * later on a busy machine. So the caller says how much of the time may be a timer's: that much counts in full. A limit of 6 s for a hand-over
 * after a lease of 5 s is then as strict for the lease as on a quiet machine, and excuses load for the rest alone.
 */
export class Stopwatch implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #fixedUntil: number;
  #quietMs = 0;
  #sampledAt = performance.now();
  #share = shareOfCore();

  /** @param fixedMs so much from the start counts in full */
  constructor({ fixedMs = 0 }: { readonly fixedMs?: number } = {}) {
    this.#fixedUntil = performance.now() + fixedMs;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Milliseconds since the start, as a quiet machine would count them. Stops the measurement. */
  stop(): number {
    clearInterval(this.#timer);
    this.#sample();
    return this.#quietMs;
  }

  #sample(): void {
    const before = this.#share;
    this.#share = shareOfCore();
    // The smaller of the two: what took the processor may have come, or gone, in between.
    const share = Math.min(before, this.#share);
    const now = performance.now();
    const fixedMs = Math.max(0, Math.min(now, this.#fixedUntil) - this.#sampledAt);
    const scaledMs = now - this.#sampledAt - fixedMs;
    this.#quietMs += fixedMs + scaledMs * share;
    this.#sampledAt = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The part of a core that this thread gets right now, up to 1. */
function shareOfCore(): number {
  const startedAt = performance.now();
  const usedMs = cpuMs(() => {
    const start = process.threadCpuUsage();
    for (let used = start; used.user + used.system - start.user - start.system < WORK_MS * 1_000; ) used = process.threadCpuUsage();
  });
  return Math.max(LEAST_SHARE, Math.min(1, usedMs / (performance.now() - startedAt)));
}

/** Milliseconds of processor time that `work` takes on this thread, however busy the machine is. */
export function cpuMs(work: () => unknown): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}
