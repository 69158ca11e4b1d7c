import type { RecordRows } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import { ParentsInLanesError, QueueFullError } from '../errors.ts';
import type { RecordSlice } from '../shard-reader/shard-session.ts';
import { Followed } from './followed.ts';
import { type BatchSource, shardNameOf, toLaneBatches } from './lane-batches.ts';
import { type LaneTarget, sourceOfCopy } from './lane-target.ts';

export interface LaneQueueOptions {
  /** None means that the records are read and dropped. */
  readonly targets: readonly LaneTarget[];
  readonly lease: Pick<Lease, 'epoch' | 'assertHeld'>;
  readonly source: BatchSource;
  /** Shards that this one follows and that may still be in the lanes, since nothing of this one was enqueued yet. */
  readonly parents?: readonly string[];
  /** The last write of this shard by this process, under whatever lease: the next one waits for it to settle. */
  readonly turns: Map<string, Promise<unknown>>;
}

/** The lanes of a stream's targets, as the reader of one shard sees them. */
export interface LaneQueue {
  /**
   * Resolves once all records are durably enqueued for every target.
   * @param how the `traceparent` that their jobs carry, and the input batches that they are to stay in
   * @throws {QueueFullError} a target is above its high-water mark; nothing was enqueued
   * @throws {ParentsInLanesError} a target keeps the order of shards, and its lanes hold records of a parent; nothing was enqueued
   */
  enqueue(records: RecordRows, how?: HowEnqueued): Promise<void>;
}

type HowEnqueued = Pick<RecordSlice, 'trace' | 'inputBatches'>;

export function createLaneQueue({ targets, lease, source, parents = [], turns }: LaneQueueOptions): LaneQueue {
  const sourceFor = ({ copy }: LaneTarget): BatchSource => ({ ...source, stream: sourceOfCopy(source.stream, copy) });
  const following = new Followed(targets, parents, (target, shardId) => shardNameOf({ ...sourceFor(target), shardId }));
  const send = async (records: RecordRows, { trace, inputBatches }: HowEnqueued): Promise<void> => {
    // Before anything is sent: records that reached one target of two would be read again for both.
    for (const { sender } of targets) if ((await sender.pressure()).isOverHighWater) throw new QueueFullError(sender.target);
    const busy = await following.firstBusy(lease.epoch);
    if (busy !== undefined) throw new ParentsInLanesError(busy, source.shardId);
    lease.assertHeld();
    // All are awaited, also after one has failed: nothing may be under way when the reader begins again.
    const sent = await Promise.allSettled(
      targets.map((target) => {
        const batches = toLaneBatches(records, target, sourceFor(target), inputBatches);
        return target.sender.enqueue(trace === undefined ? batches : batches.map((batch) => ({ ...batch, trace })), lease.epoch);
      }),
    );
    for (const outcome of sent) if (outcome.status === 'rejected') throw outcome.reason;
  };
  return {
    async enqueue(records, how = {}) {
      const turn = (turns.get(source.shardId) ?? Promise.resolve()).then(() => send(records, how));
      turns.set(
        source.shardId,
        turn.catch(() => undefined),
      );
      await turn;
    },
  };
}
