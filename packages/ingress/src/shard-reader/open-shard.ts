import type { Clock } from '@sluice/core';
import type { ChildShard, KinesisSource } from '@sluice/kinesis';
import { KinesisUnavailableError } from '@sluice/kinesis';
import { parseCheckpoint, type ShardTable } from '@sluice/lease';
import type { LaneQueue } from '../lanes/lane-queue.ts';
import type { PoisonGuard } from '../poison/poison-guard.ts';
import { PacedCheckpoints } from './paced-checkpoints.ts';
import type { PageSource } from './page-source.ts';
import type { ShardEnding, ShardSession, ShardTask } from './shard-session.ts';

export interface OpenShardOptions extends ShardTask {
  readonly kinesis: Pick<KinesisSource, 'listShards'>;
  readonly stream: string;
  /** Read these only; all where absent. */
  readonly shardIds: readonly string[] | undefined;
  readonly table: ShardTable;
  readonly pages: PageSource;
  readonly queue: LaneQueue;
  readonly poison: PoisonGuard;
  /** Least time between two checkpoints that are written, milliseconds. */
  readonly commitPeriodMs: number;
  readonly clock: Clock;
  /** Called once there is an iterator: the stream may have been deleted and created again. */
  verify(): Promise<unknown>;
  /** Called when Kinesis refused an iterator; throws what that means. */
  explain(error: unknown, signal: AbortSignal): Promise<never>;
}

/**
 * A shard, ready to be read under a lease.
 * @throws {LeaseRowError} the stored checkpoint cannot be read
 */
export function openShard(options: OpenShardOptions): ShardSession {
  const { shardId, shardIds, lease, kinesis, stream, pages, queue, poison, verify, explain } = options;
  /** A parent that is not read never ends. */
  const childOf = (child: ChildShard): ChildShard => ({
    ...child,
    parents: shardIds ? child.parents.filter((parent) => parent === shardId || shardIds.includes(parent)) : child.parents,
  });
  const checkpoints = new PacedCheckpoints({ ...options, periodMs: options.commitPeriodMs });
  return {
    checkpoint: parseCheckpoint(lease.facts['checkpoint'] ?? ''),
    get isPushed() {
      return pages.isPushed;
    },
    async open(checkpoint, signal) {
      poison.reset();
      const iterator = await pages.open(checkpoint, signal).catch((error) => explain(error, signal));
      await verify();
      return iterator;
    },
    next: (iterator, signal) => pages.next(iterator, signal),
    take: async (page, checkpoint, signal) => poison.cut(await pages.take(page, checkpoint, signal)),
    enqueue: async ({ records, ...how }) => queue.enqueue(await poison.admit(records), how),
    moveCheckpoint: (from, to) => checkpoints.move(from, to),
    flush: () => checkpoints.flush(),
    async end(from, ending) {
      if (mustBeConfirmed(ending)) await assertClosed(kinesis, stream, shardId);
      return checkpoints.end(from, ending.childShards.map(childOf));
    },
    [Symbol.dispose]: () => pages[Symbol.dispose](),
  };
}

/** A shard once marked as read to its end is never looked at again, so a reply that ends it without naming children is not enough. */
const mustBeConfirmed = ({ reason, childShards }: ShardEnding): boolean => reason === 'read' && childShards.length === 0;

/**
 * Asks the stream whether a shard is closed. A list that does not hold the shard may be older than it, and is no confirmation.
 * @throws {KinesisUnavailableError} the shard is open, or not listed
 */
async function assertClosed(kinesis: Pick<KinesisSource, 'listShards'>, stream: string, shardId: string): Promise<void> {
  const shard = (await kinesis.listShards(stream)).find((each) => each.shardId === shardId);
  if (shard?.endingSequenceNumber !== undefined) return;
  const reason = shard ? 'a reply ended a shard that is listed as open' : 'a reply ended a shard that is not listed';
  throw new KinesisUnavailableError(reason, { stream, shardId }, undefined);
}
