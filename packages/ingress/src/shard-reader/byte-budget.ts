/**
 * Memory for pages, shared by all shards that a worker reads. A page's share is reserved before the page is asked for, fitted once its
 * size is known, and freed when the page was handed on. So pages stay large however many shards there are; fewer of them are in memory
 * at once.
 *
 * A shard whose target is full keeps its page, and so its share, for as long as that lasts. That must not stop the shards of other
 * targets: a quarter of the memory is set aside, and who has waited in vain gets a small share of it, which is always there.
 */
import type { Clock } from '@sluice/core';

/** Memory for one page. Disposing of it frees it. */
export interface PageShare extends Disposable {
  /** What the page should take at most. */
  readonly bytes: number;
  /** Tells what the page takes; the service may send more than was hoped for. */
  fit(bytes: number): void;
}

interface Waiter {
  readonly bytes: number;
  grant(): void;
}

/** Each shard may hold one page that is being enqueued and one that was fetched ahead. */
const PAGES_A_SHARD = 2;
/** How long a page waits for memory before it is content with little, milliseconds. */
const PATIENCE_MS = 1_000;

export class ByteBudget {
  readonly #pooledBytes: number;
  readonly #asideBytes: number;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #usedBytes = 0;
  #shards = 0;

  /** @param totalBytes of all pages together; they take about three times that for a moment, while a reply is decoded */
  constructor(totalBytes: number, clock: Clock) {
    this.#asideBytes = totalBytes / 4;
    this.#pooledBytes = totalBytes - this.#asideBytes;
    this.#clock = clock;
  }

  /** Bytes of the pages in memory, as far as they are not in the small shares set aside. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Counts one more shard; answers the way to stop that. */
  join(): () => void {
    this.#shards++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#shards--;
      isOpen = false;
    };
  }

  /** Memory for a page, once it is there: whoever asks first is served first. Freed also when the signal is aborted. */
  reserve(bytes: number, signal: AbortSignal): Promise<PageShare> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#clock.clearTimeout(timer);
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
        this.#serve();
      };
      const waiter: Waiter = {
        bytes,
        grant: () => {
          leave();
          resolve(this.#share(bytes, 0, signal));
        },
      };
      const timer = this.#clock.setTimeout(() => {
        leave();
        const least = Math.min(bytes, this.#asideBytes / (PAGES_A_SHARD * Math.max(1, this.#shards)));
        resolve(this.#share(least, least, signal));
        this.#serve();
      }, PATIENCE_MS);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
      this.#serve();
    });
  }

  /** @param asideBytes of it that are not taken from the pool */
  #share(bytes: number, asideBytes: number, signal: AbortSignal): PageShare {
    let pooled = 0;
    let isFreed = false;
    const fit = (actual: number) => {
      if (isFreed) return;
      const before = pooled;
      pooled = Math.max(0, actual - asideBytes);
      this.#usedBytes += pooled - before;
      if (pooled < before) this.#serve();
    };
    const free = () => {
      signal.removeEventListener('abort', free);
      fit(0);
      isFreed = true;
    };
    signal.addEventListener('abort', free, { once: true });
    fit(bytes);
    return { bytes, fit, [Symbol.dispose]: free };
  }

  /** A page larger than the whole pool fits an empty one. */
  #serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#usedBytes > 0 && this.#usedBytes + waiter.bytes > this.#pooledBytes) return;
      waiter.grant();
    }
  }
}
