import { type HashRange, type KinesisSource, ShardGraph, type StreamDescription } from '@sluice/kinesis';
import type { ShardTable } from '@sluice/lease';

export interface ReconcileOutput {
  /** Shards that the stream lists. */
  readonly shards: number;
  /** Rows made for shards that had none. */
  readonly created: number;
  /** Rows removed of shards that were read to their end and are no longer listed. */
  readonly pruned: number;
  /** Hash keys that no unfinished shard covers: their records would be missed. Empty once the children of all ended shards are listed. */
  readonly uncovered: readonly HashRange[];
}

export interface ReconcileOptions {
  readonly kinesis: Pick<KinesisSource, 'listShards'>;
  readonly table: Pick<ShardTable, 'create' | 'list' | 'prune'>;
  readonly stream: string;
  /** Read these only; all where absent. */
  readonly shardIds: readonly string[] | undefined;
}

/**
 * Brings the stored rows in line with the shards that the stream lists, open and closed.
 * @throws {StreamRecreatedError} the rows belong to an earlier stream of that name
 */
export async function reconcileShards(
  { kinesis, table, stream, shardIds }: ReconcileOptions,
  { arn, createdAtMs }: StreamDescription,
  signal: AbortSignal,
): Promise<ReconcileOutput> {
  const listed = await kinesis.listShards(stream, signal);
  const chosen = shardIds ? listed.filter(({ shardId }) => shardIds.includes(shardId)) : listed;
  const rows = chosen.map(({ shardId, parentShardId, adjacentParentShardId }) => ({
    shardId,
    parents: [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined),
  }));
  const created = await table.create({ streamArn: arn, streamCreatedAtMs: createdAtMs }, rows);
  const pruned = await table.prune(listed.map(({ shardId }) => shardId));
  const finished = (await table.list()).filter(({ state }) => state === 'shardEnd').map(({ shardId }) => shardId);
  const uncovered = shardIds ? [] : new ShardGraph(listed).uncovered(new Set(finished));
  return { shards: listed.length, created, pruned: pruned.length, uncovered };
}
