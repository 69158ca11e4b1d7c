/**
 * Puts batches into the lanes of a target. One transaction a lane holds payloads, jobs and gauge, so that all of them are there or
 * none is; the transactions of all lanes travel together.
 *
 * An answer may be lost. The caller then enqueues the same again, from the same position: what is in a lane twice is delivered once,
 * because the lane's owner skips the positions it has seen. That holds only if nothing of a shard is enqueued beyond a batch that is
 * not known to be in Redis; so a second enqueue for a shard is refused while one is under way.
 */
import type { Clock, SluiceRecord } from '@sluice/core';
import { type LaneKeys, laneKeys, type RedisSession, type TargetAddress } from '@sluice/redis';
import { JobAdder } from '../bull/add-job.ts';
import { laneScripts } from '../bull/lane-scripts.ts';
import { type LaneSource, shardKeyOf } from '../job-data.ts';
import { recordLaneCount } from '../lanes/lane-count.ts';
import { laneOf } from '../lanes/lane-of.ts';
import { sizeOf, toLaneJobs } from './lane-jobs.ts';
import { createPressureGauge } from './pressure-gauge.ts';
import type { Pressure, WaterMarks } from './water-marks.ts';

/** Records for one lane, in the order in which they shall leave it. */
export interface LaneBatch {
  readonly lane: number;
  readonly records: readonly SluiceRecord[];
  /** Absent for records that no shard reader sent. Where present, every record has its `origin`, in ascending order. */
  readonly source?: LaneSource;
  /** The `traceparent` under which they are sent. It travels with their jobs. */
  readonly trace?: string;
}

export interface LaneSenderOptions extends TargetAddress {
  readonly session: RedisSession;
  readonly lanes: number;
  readonly clock: Clock;
  /** Absent: the sender only counts, and no backlog is over a high water mark. */
  readonly waterMarks?: WaterMarks;
  /** For how long an answer of `pressure()` is used again, milliseconds. @default 100 */
  readonly pressureMaxAgeMs?: number;
}

export interface LaneSender {
  readonly session: RedisSession;
  readonly keyPrefix: string | undefined;
  readonly target: string;
  readonly lanes: number;
  /** The lane of a key. It never changes. */
  laneOf(key: string): number;
  /**
   * Resolves once every batch is in Redis. Enqueuing the same again is harmless, and after a rejection it is what the caller must do.
   * @param epoch of the reader's lease (of the session, for records without a source): nothing is sent on another connection. A reader that
   * went on under its old token, in a Redis that came back older, would hide its successor's records.
   */
  enqueue(batches: readonly LaneBatch[], epoch: number): Promise<void>;
  /**
   * Tells the lanes that nothing of these shards will be enqueued any more: their readers have stored that they are read to the end. What the
   * lanes remember of them goes once it is of no use. Calling it again is harmless; a call that failed should be repeated some time.
   * @param stream as the sources of their batches name it
   */
  endShards(stream: string, shardIds: readonly string[], epoch: number): Promise<void>;
  /** What waits and is in hand in the target's lanes. Cheap: an answer is used again for a short time. */
  pressure(): Promise<Pressure>;
}

/**
 * Records the number of lanes at the target's first use.
 * @throws {LaneCountMismatchError} the target was first used with another number of lanes
 */
export async function openLaneSender(options: LaneSenderOptions): Promise<LaneSender> {
  await recordLaneCount(options.session, options);
  return new Sender(options);
}

interface Lane {
  readonly keys: LaneKeys;
  readonly adder: JobAdder;
}

class Sender implements LaneSender {
  readonly session: RedisSession;
  readonly keyPrefix: string | undefined;
  readonly target: string;
  readonly lanes: number;
  readonly pressure: () => Promise<Pressure>;
  readonly #clock: Clock;
  readonly #lanes: readonly Lane[];
  readonly #underWay = new Set<string>();
  /** The epoch under which the number of lanes was last seen to be ours: a Redis that comes back older may have forgotten it. */
  #checkedEpoch: number;

  constructor({ session, keyPrefix, target, lanes, clock, waterMarks, pressureMaxAgeMs = 100 }: LaneSenderOptions) {
    this.session = session;
    this.keyPrefix = keyPrefix;
    this.target = target;
    this.lanes = lanes;
    this.#clock = clock;
    this.#checkedEpoch = session.epoch;
    this.#lanes = Array.from({ length: lanes }, (_, lane) => {
      const keys = laneKeys({ keyPrefix, target, lane });
      return { keys, adder: new JobAdder(keys) };
    });
    const gauges = this.#lanes.map(({ keys }) => keys.gauge);
    this.pressure = createPressureGauge({ session, clock, gauges, waterMarks, maxAgeMs: pressureMaxAgeMs });
  }

  laneOf(key: string): number {
    return laneOf(key, this.lanes);
  }

  async enqueue(batches: readonly LaneBatch[], epoch: number): Promise<void> {
    const shards = new Set(batches.flatMap(({ source }) => (source ? [`${source.stream}/${source.shardId}`] : [])));
    for (const shard of shards) {
      if (this.#underWay.has(shard)) throw new Error(`a batch of shard ${shard} is still being enqueued; its successor must wait for it`);
    }
    for (const shard of shards) this.#underWay.add(shard);
    try {
      await this.#enqueue(batches, epoch);
    } finally {
      for (const shard of shards) this.#underWay.delete(shard);
    }
  }

  async endShards(stream: string, shardIds: readonly string[], epoch: number): Promise<void> {
    if (shardIds.length === 0) return;
    const shards = shardIds.map((shardId) => shardKeyOf({ stream, shardId }));
    const scripts = laneScripts(this.session);
    const sent = this.#lanes.map(({ keys: { wait, active, newestId, filter, ended } }) =>
      scripts.script(epoch, 'endShards', [wait, active, newestId, filter, ended], shards),
    );
    for (const outcome of await Promise.allSettled(sent)) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #enqueue(batches: readonly LaneBatch[], epoch: number): Promise<void> {
    if (this.#checkedEpoch !== epoch) {
      await recordLaneCount(this.session, this);
      this.#checkedEpoch = epoch;
    }
    const perLane = Map.groupBy(
      batches.filter(({ records }) => records.length > 0),
      ({ lane }) => lane,
    );
    // All are awaited, also after one has failed: the caller must not begin again while a transaction is still on its way.
    const sent = await Promise.allSettled([...perLane].map(([lane, ofLane]) => this.#push(lane, ofLane, epoch)));
    for (const outcome of sent) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #push(lane: number, batches: readonly LaneBatch[], epoch: number): Promise<void> {
    const { keys, adder } = this.#lanes[lane] ?? outOfRange(lane, this.lanes);
    const nowMs = this.#clock.now();
    const jobs = batches.flatMap((batch) => toLaneJobs({ target: this.target, lanes: this.lanes, ...batch }, nowMs));
    await laneScripts(this.session).transact(epoch, async (transaction, scripts) => {
      adder.close(transaction);
      for (const { frame, name, data } of jobs) {
        transaction.hset(keys.payloads, data.payload, frame);
        await adder.add(transaction, scripts, { name, data, timestampMs: nowMs });
      }
      const { records, bytes } = sizeOf(jobs);
      transaction.hincrby(keys.gauge, 'records', records).hincrby(keys.gauge, 'bytes', bytes);
    });
  }
}

const outOfRange = (lane: number, lanes: number): never => {
  throw new RangeError(`expected a lane below ${lanes}, got ${lane}`);
};
