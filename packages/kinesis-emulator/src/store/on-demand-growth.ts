import type { Clock } from '@sluice/core';
import { MAX_ON_DEMAND_SHARDS, WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '../limits.ts';
import { scaleTo } from './resharding.ts';
import type { Stream } from './stream.ts';

const SECOND_MS = 1000;

/** What was written to a stream in the present second, and when its shards were last doubled. */
interface Load {
  secondAtMs: number;
  records: number;
  bytes: number;
  grownAtMs: number;
}

/**
 * Lets streams in on-demand mode grow: the service keeps twice the throughput of the highest second so far ready. So the
 * shards are doubled once more than half of what they can take was written within a second, and not again for a while,
 * because the service follows no faster: who doubles his traffic sooner than that is throttled.
 */
export class OnDemandGrowth {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #loads = new WeakMap<Stream, Load>();

  /** @param intervalMs at least so long between two doublings of a stream */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Counts what was written at one time to a stream in on-demand mode; it may be resharded when this returns. */
  wrote(stream: Stream, records: number, bytes: number): void {
    const now = this.#clock.monotonic();
    const load = this.#loadOf(stream, now);
    load.records += records;
    load.bytes += bytes;
    const shards = stream.openShards.length;
    const isHalfUsed = load.records > (shards * WRITE_RECORDS_PER_SECOND) / 2 || load.bytes > (shards * WRITE_BYTES_PER_SECOND) / 2;
    if (!isHalfUsed || stream.status !== 'ACTIVE' || shards >= MAX_ON_DEMAND_SHARDS || now - load.grownAtMs < this.#intervalMs) return;
    load.grownAtMs = now;
    stream.change('UPDATING', () => scaleTo(stream, Math.min(shards * 2, MAX_ON_DEMAND_SHARDS)));
  }

  #loadOf(stream: Stream, now: number): Load {
    let load = this.#loads.get(stream);
    if (!load) {
      load = { secondAtMs: now, records: 0, bytes: 0, grownAtMs: Number.NEGATIVE_INFINITY };
      this.#loads.set(stream, load);
    }
    if (now - load.secondAtMs >= SECOND_MS) {
      load.secondAtMs = now;
      load.records = 0;
      load.bytes = 0;
    }
    return load;
  }
}
