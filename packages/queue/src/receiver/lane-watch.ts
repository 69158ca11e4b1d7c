/**
 * Wakes the lanes of a worker when something was pushed into them, all with one small command every few milliseconds. A worker whose lanes
 * have all been empty for a while looks less and less often, as each look costs it more than the look itself: nothing else wakes its event
 * loop then.
 *
 * BullMQ numbers jobs by a counter a queue, so there is something new exactly when the counter has passed the last id
 * that the owner knows. This costs Redis less than a notice with each push, misses nothing, and needs no connection of its own.
 */
import type { Clock } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';

/** Time between two looks, by how long nothing was found; both in milliseconds. */
const PACES = [
  { emptyForMs: 30_000, lookEveryMs: 250 },
  { emptyForMs: 2_000, lookEveryMs: 100 },
  { emptyForMs: 0, lookEveryMs: 20 },
];

interface Watcher {
  /** BullMQ's counter of ids. */
  readonly key: string;
  readonly knownId: number;
  wake(): void;
}

const perSession = new WeakMap<RedisSession, LaneWatch>();

/** The watch of a session: all its lanes share it. */
export function laneWatch(session: RedisSession, clock: Clock): LaneWatch {
  const watch = perSession.get(session) ?? new LaneWatch(session, clock);
  perSession.set(session, watch);
  return watch;
}

export class LaneWatch {
  readonly #session: RedisSession;
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  #isLooking = false;
  #foundAt: number;

  constructor(session: RedisSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#foundAt = clock.monotonic();
    session.onLost(() => this.#wake(() => true));
  }

  /**
   * Resolves once the counter at `key` is beyond `knownId`, and when the connection is lost: then nothing that was known counts.
   * Rejects with the reason of `signal`.
   */
  until(key: string, knownId: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#watchers.delete(watcher);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
      };
      const watcher: Watcher = {
        key,
        knownId,
        wake: () => {
          leave();
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#watchers.add(watcher);
      this.#lookSoon();
    });
  }

  #lookSoon(): void {
    if (this.#isLooking || this.#watchers.size === 0) return;
    this.#isLooking = true;
    const emptyForMs = this.#clock.monotonic() - this.#foundAt;
    this.#clock.setTimeout(
      () => {
        void this.#look().finally(() => {
          this.#isLooking = false;
          this.#lookSoon();
        });
      },
      PACES.find((pace) => emptyForMs >= pace.emptyForMs)!.lookEveryMs,
    );
  }

  async #look(): Promise<void> {
    const keys = [...new Set([...this.#watchers].map(({ key }) => key))];
    if (keys.length === 0) return;
    try {
      const counters = await this.#session.run(this.#session.epoch, (client) => client.mget(keys));
      const newest = new Map(keys.map((key, index) => [key, Number(counters[index] ?? 0)]));
      this.#wake(({ key, knownId }) => (newest.get(key) ?? 0) > knownId);
    } catch {
      // While Redis is away there is nothing to see; the session reports the lost connection.
    }
  }

  #wake(isMeant: (watcher: Watcher) => boolean): void {
    const meant = [...this.#watchers].filter(isMeant);
    if (meant.length > 0) this.#foundAt = this.#clock.monotonic();
    for (const watcher of meant) watcher.wake();
  }
}
