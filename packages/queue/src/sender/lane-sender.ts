/**
 * Puts batches into the lanes of a target. One transaction writes payloads, jobs and gauges of all lanes, all of it or nothing, and only
 * if the target has as many lanes as the records were shared out to, and those of a shard were shared out as its lanes are laid.
 *
 * An answer may be lost. The caller then enqueues the same again, from the same position: what is in a lane twice is delivered once,
 * because the lane's owner skips the positions it has seen. That holds only if nothing of a shard is enqueued beyond a batch that is
 * not known to be in Redis; so a second enqueue for a shard is refused while one is under way.
 */
import { type Clock, type Logger, type RecordRows, type SluiceRecord, silentLogger } from '@sluice/core';
import { type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { type LanePush, runPush } from '../bull/push-command.ts';
import { LanesChangedError } from '../errors.ts';
import { frameBuffers } from '../frame/frame-buffers.ts';
import { type LaneSource, shardKeyOf } from '../job-data.ts';
import { recordLanes } from '../lanes/lane-count.ts';
import type { LaneLayout } from '../lanes/lane-entry.ts';
import { laneOf, laneOfUtf8 } from '../lanes/lane-of.ts';
import { warnOfNumber } from '../lanes/lane-roster.ts';
import { createLaneBarrier, type LaneBarrier } from './lane-barrier.ts';
import { toLaneJobs } from './lane-jobs.ts';
import { type SenderLanes, senderLanes } from './sender-lanes.ts';
import type { Pressure, WaterMarks } from './water-marks.ts';

/** Records for one lane, in the order in which they shall leave it. */
export interface LaneBatch {
  readonly lane: number;
  readonly records: readonly SluiceRecord[] | RecordRows;
  /** Absent for records that no shard reader sent. Where present, every record has its `origin`, in ascending order. */
  readonly source?: LaneSource;
  /** The `traceparent` under which they are sent. It travels with their jobs. */
  readonly trace?: string;
  /** They are what the lane has of an input batch: one job, which is processed as a whole. */
  readonly together?: boolean;
}

export interface LaneSenderOptions extends TargetAddress {
  readonly session: RedisSession;
  /** As configured. */
  readonly lanes: number;
  /** As configured, where records of shards are sent; absent where none are. */
  readonly layout?: LaneLayout | undefined;
  readonly clock: Clock;
  /** Hears when the target has other lanes than are configured. */
  readonly logger?: Logger;
  /** Absent: the sender only counts, and no backlog is over a high water mark. */
  readonly waterMarks?: WaterMarks;
  /** For how long an answer of `pressure()` is used again, milliseconds. @default 100 */
  readonly pressureMaxAgeMs?: number;
}

export interface LaneSender {
  readonly session: RedisSession;
  readonly keyPrefix: string | undefined;
  readonly target: string;
  /** As many as the target has, as far as is known: an operator may change their number. */
  readonly lanes: number;
  /** What shares a lane among the records of shards, as far as is known: an operator may change it. */
  readonly layout: LaneLayout;
  /** The lane of a key while their number is the same. What is enqueued is to be shared out by it in the same turn of the event loop. */
  laneOf(key: string): number;
  /** As {@link laneOf}, of a key that lies in `bytes` as UTF-8. */
  laneOfUtf8(bytes: Buffer, start: number, end: number): number;
  /**
   * Resolves once every batch is in Redis. Enqueuing the same again is harmless, and after a rejection it is what the caller must do; after
   * a {@link LanesChangedError} the records must be shared out anew.
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
  /** Tells when what is now in the lanes of these keys has left them. */
  barrier(keys: readonly string[]): LaneBarrier;
  /** What waits and is in hand in the target's lanes. Cheap: an answer is used again for a short time. */
  pressure(): Promise<Pressure>;
}

/**
 * Records the number of lanes at the target's first use, and how they are laid. Where an operator has changed that, the changed one counts.
 * @throws {LaneCountMismatchError} the target was first used with another number of lanes, and no operator changed it
 * @throws {LaneLayoutMismatchError} the lanes are to be laid by shard, are used, and are laid by key
 */
export async function openLaneSender(options: LaneSenderOptions): Promise<LaneSender> {
  const sender = new Sender(options);
  await sender.look();
  return sender;
}

class Sender implements LaneSender {
  readonly session: RedisSession;
  readonly keyPrefix: string | undefined;
  readonly target: string;
  readonly #options: LaneSenderOptions;
  readonly #underWay = new Set<string>();
  #current: SenderLanes;
  /** The epoch under which the number of lanes was last looked at: a Redis that comes back older may have forgotten it. */
  #checkedEpoch: number;

  constructor(options: LaneSenderOptions) {
    this.session = options.session;
    this.keyPrefix = options.keyPrefix;
    this.target = options.target;
    this.#options = options;
    this.#current = senderLanes({ ...options, layout: options.layout ?? 'key' });
    this.#checkedEpoch = options.session.epoch;
  }

  get lanes(): number {
    return this.#current.lanes;
  }

  get layout(): LaneLayout {
    return this.#current.layout;
  }

  laneOf(key: string): number {
    return laneOf(key, this.lanes);
  }

  laneOfUtf8(bytes: Buffer, start: number, end: number): number {
    return laneOfUtf8(bytes, start, end, this.lanes);
  }

  pressure(): Promise<Pressure> {
    return this.#current.pressure();
  }

  barrier(keys: readonly string[]): LaneBarrier {
    const { lanes, layout, keys: ofLanes } = this.#current;
    const named = [...new Set(keys.map((key) => laneOf(key, lanes)))];
    return createLaneBarrier({
      session: this.session,
      lanes: named.map((lane) => ofLanes[lane]!),
      // Whoever changed them saw all of them empty.
      isGone: () => this.lanes !== lanes || this.layout !== layout,
    });
  }

  /** Learns what lanes there are. */
  async look(): Promise<void> {
    const { lanes: configured, layout: wanted, target, logger = silentLogger } = this.#options;
    const recorded = await recordLanes(this.session, this.#options);
    const { lanes, layout } = recorded;
    if (lanes !== this.lanes) warnOfNumber(logger, { target, lanes, configured });
    if (wanted === 'key' && layout === 'shard' && layout !== this.layout) {
      logger.warn('the lanes of a target are laid by shard, which its `ordering` does not need', { target });
    }
    if (lanes !== this.lanes || layout !== this.layout) this.#current = senderLanes({ ...this.#options, ...recorded });
  }

  async enqueue(batches: readonly LaneBatch[], epoch: number): Promise<void> {
    // Those that the batches were shared out to.
    const current = this.#current;
    const shards = new Set(batches.flatMap(({ source }) => (source ? [`${source.stream}/${source.shardId}`] : [])));
    for (const shard of shards) {
      if (this.#underWay.has(shard)) throw new Error(`a batch of shard ${shard} is still being enqueued; its successor must wait for it`);
    }
    for (const shard of shards) this.#underWay.add(shard);
    try {
      await this.#enqueue(current, batches, epoch);
    } finally {
      for (const shard of shards) this.#underWay.delete(shard);
    }
  }

  async endShards(stream: string, shardIds: readonly string[], epoch: number): Promise<void> {
    if (shardIds.length === 0) return;
    const shards = shardIds.map((shardId) => shardKeyOf({ stream, shardId }));
    const scripts = laneScripts(this.session);
    const sent = this.#current.keys.map(({ wait, active, newestId, filter, ended }) =>
      scripts.script(epoch, 'endShards', [wait, active, newestId, filter, ended], shards),
    );
    for (const outcome of await Promise.allSettled(sent)) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #enqueue(current: SenderLanes, batches: readonly LaneBatch[], epoch: number): Promise<void> {
    if (this.#checkedEpoch !== epoch) {
      await this.look();
      this.#checkedEpoch = epoch;
    }
    const perLane = Map.groupBy(
      batches.filter(({ records }) => records.length > 0),
      ({ lane }) => lane,
    );
    if (perLane.size === 0) return;
    const nowMs = this.#options.clock.now();
    const pushes = [...perLane].map(([lane, ofLane]): LanePush => {
      const keys = current.keys[lane] ?? outOfRange(lane, current.lanes);
      return { keys, jobs: ofLane.flatMap((batch) => toLaneJobs({ target: this.target, lanes: current.lanes, ...batch }, nowMs)) };
    });
    const layout = this.#options.layout && current.layout;
    const request = { target: this.target, lanes: current.lanes, layout, targetsKey: targetsKey(this.keyPrefix), nowMs, pushes };
    const isPushed = await runPush(laneScripts(this.session), epoch, request);
    // Where there is no answer, they may still be on their way.
    for (const { jobs } of pushes) for (const { frame } of jobs) frameBuffers.release(frame);
    if (isPushed) return;
    await this.look();
    throw new LanesChangedError(this.target, current.lanes);
  }
}

const outOfRange = (lane: number, lanes: number): never => {
  throw new RangeError(`expected a lane below ${lanes}, got ${lane}`);
};
