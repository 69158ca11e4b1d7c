/**
 * What each shard gives this worker to do, in bytes a second over about half a minute: what workers of an ingress even out among them. A
 * shard that is far behind counts as if it gave all that Kinesis lets one read; and each takes calls, also where it is empty.
 */
import type { Clock } from '@sluice/core';
import { READ_BYTES_PER_SECOND } from '@sluice/kinesis';

const HORIZON_MS = 30_000;
const FAR_BEHIND_MS = 30_000;
const CALLS_BYTES_PER_SECOND = 16 * 1024;

interface Measured {
  readonly sinceMs: number;
  readonly atMs: number;
  /** Decays with the time since `atMs`. */
  readonly bytesPerSecond: number;
  readonly isFarBehind: boolean;
}

export class ShardLoads {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #shards = new Map<string, Measured>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  started(shard: string): void {
    const now = this.#clock.monotonic();
    this.#shards.set(shard, { sinceMs: now, atMs: now, bytesPerSecond: 0, isFarBehind: false });
  }

  read(shard: string, bytes: number, lagMs: number): void {
    const before = this.#shards.get(shard);
    if (!before) return;
    const now = this.#clock.monotonic();
    const bytesPerSecond = before.bytesPerSecond * decay(now - before.atMs) + (bytes / HORIZON_MS) * 1_000;
    this.#shards.set(shard, { ...before, atMs: now, bytesPerSecond, isFarBehind: lagMs > FAR_BEHIND_MS });
  }

  ended(shard: string): void {
    this.#shards.delete(shard);
  }

  /** `undefined` where it was not measured for long enough. */
  of(shard: string): number | undefined {
    const measured = this.#shards.get(shard);
    const now = this.#clock.monotonic();
    if (!measured || now - measured.sinceMs < HORIZON_MS) return undefined;
    const rate = (measured.bytesPerSecond * decay(now - measured.atMs)) / (1 - decay(now - measured.sinceMs));
    return Math.round(CALLS_BYTES_PER_SECOND + (measured.isFarBehind ? Math.max(rate, READ_BYTES_PER_SECOND) : rate));
  }
}

const decay = (ms: number): number => Math.exp(-ms / HORIZON_MS);
