/**
 * Memory for pages and for what is unpacked from them, shared by all shards that a worker reads. A share is reserved before a page is
 * asked for, fitted once its size is known, and freed when the page was passed on. So pages stay large however many shards there are;
 * fewer of them are in memory at once.
 *
 * A shard whose target is full keeps its page, and so its share, for as long as that lasts. That must not stop the shards of other
 * targets: a quarter of the memory is set aside, and a shard that has waited in vain gets a small share of it, which is always there.
 */
import { type Clock, type Weight, WeightedBudget } from '@sluice/core';

/** Memory for one page or slice. Disposing of it frees it. */
export interface PageShare extends Disposable {
  /** What it should take at most. */
  readonly bytes: number;
  /** Says, once, what it takes; the service may send more than was hoped for. */
  fit(actual: Weight): void;
}

/** Each shard may hold one page that is being enqueued, a slice of it, and one page that was fetched ahead. */
const SHARES_A_SHARD = 3;
/** How long a share waits for memory before it is content with little. */
const PATIENCE_MS = 1_000;
const NOTHING: Weight = { bytes: 0, records: 0 };

export class PageBudget {
  readonly #pool: WeightedBudget;
  readonly #asideBytes: number;
  readonly #clock: Clock;
  #shards = 0;

  /** @param total of all pages together; they take about three times that for a moment, while a reply is decoded */
  constructor(total: Weight, clock: Clock) {
    this.#asideBytes = total.bytes / 4;
    this.#pool = new WeightedBudget({ bytes: total.bytes - this.#asideBytes, records: total.records });
    this.#clock = clock;
  }

  /** What is in memory, as far as it is not in the small shares set aside. */
  get used(): Weight {
    return this.#pool.used;
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

  /** Memory at once, if little: for what holds other memory, and would wait for itself. Freed also when the signal is aborted. */
  reserveNow(bytes: number, signal: AbortSignal): PageShare {
    signal.throwIfAborted();
    const weight = { bytes, records: 0 };
    return this.#pool.tryReserve(weight) ? this.#share(bytes, weight, signal) : this.#small(bytes, signal);
  }

  /** Memory, once it is there, in the order in which it was asked for. Freed also when the signal is aborted. */
  async reserve(bytes: number, signal: AbortSignal): Promise<PageShare> {
    signal.throwIfAborted();
    const weight = { bytes, records: 0 };
    if (this.#pool.tryReserve(weight)) return this.#share(bytes, weight, signal);
    const waiting = new AbortController();
    const giveUp = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const timer = this.#clock.setTimeout(() => waiting.abort(), PATIENCE_MS);
    try {
      await this.#pool.reserve(weight, waiting.signal);
      return this.#share(bytes, weight, signal);
    } catch {
      signal.throwIfAborted();
      return this.#small(bytes, signal);
    } finally {
      this.#clock.clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  #small(bytes: number, signal: AbortSignal): PageShare {
    return this.#share(Math.min(bytes, this.#asideBytes / (SHARES_A_SHARD * Math.max(1, this.#shards))), undefined, signal);
  }

  /** @param pooled what was taken from the pool; nothing for a share that was set aside */
  #share(bytes: number, pooled: Weight | undefined, signal: AbortSignal): PageShare {
    const asideBytes = pooled ? 0 : bytes;
    let guessed: Weight | undefined = pooled ?? NOTHING;
    let known = NOTHING;
    let isFreed = false;
    const fit = (actual: Weight) => {
      if (isFreed || !guessed) return;
      known = { ...actual, bytes: Math.max(0, actual.bytes - asideBytes) };
      this.#pool.adjust(guessed, known);
      guessed = undefined;
    };
    const free = () => {
      signal.removeEventListener('abort', free);
      if (!isFreed && guessed) this.#pool.adjust(guessed, NOTHING);
      else if (!isFreed) this.#pool.release(known);
      isFreed = true;
    };
    signal.addEventListener('abort', free, { once: true });
    return { bytes, fit, [Symbol.dispose]: free };
  }
}
