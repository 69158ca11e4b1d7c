/** Time as Sluice sees it. Injected everywhere, so that tests decide what time it is. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. Never compared between machines. */
  now(): number;
  /** Milliseconds from an arbitrary start; never jumps. Leases and time-outs use this one. */
  monotonic(): number;
  /** Same contract as XState's clock, so that a `Clock` can be handed to `createActor`. */
  setTimeout(callback: (...args: unknown[]) => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clock.clearTimeout(handle);
      reject(signal?.reason);
    };
    const handle = clock.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
