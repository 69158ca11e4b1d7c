import { type KinesisSource, type StreamDescription, uncoveredHashKeys } from '@sluice/kinesis';
import type { ShardTable } from '@sluice/lease';
import { ShardUnknownError, StartUnknownError } from '../errors.ts';
import type { ShardLooks } from './shard-looks.ts';
import type { Reconciliation } from './stream-source.ts';

export interface ReconcileOptions {
  readonly kinesis: Pick<KinesisSource, 'describeStream' | 'listShards'>;
  readonly table: Pick<ShardTable, 'create' | 'list' | 'prune'>;
  readonly looks: ShardLooks;
  readonly stream: string;
  /** Read these only; all where absent. */
  readonly shardIds: readonly string[] | undefined;
  /** Shards for which a start is configured. */
  readonly startsAt: readonly string[];
  /** Informs the lanes that these shards were read to their end. */
  endShards(stream: StreamDescription, shardIds: readonly string[]): Promise<void>;
}

/**
 * Brings the stored rows in line with the shards that the stream lists, open and closed. A row is removed only once its shard was read
 * to its end and has left the stream for certain: made anew from a later list, it would be read again from its beginning.
 * @throws {StreamRecreatedError} the rows belong to an earlier stream of that name
 * @throws {StartUnknownError | ShardUnknownError} a shard is configured that the stream does not list, and nothing was read yet
 */
export async function reconcileShards(options: ReconcileOptions, signal: AbortSignal): Promise<Reconciliation> {
  const { kinesis, table, looks, stream, shardIds, startsAt } = options;
  const identity = await kinesis.describeStream(stream, signal);
  const listed = await kinesis.listShards(stream, signal);
  const chosen = shardIds ? listed.filter(({ shardId }) => shardIds.includes(shardId)) : listed;
  const unknown = startsAt.filter((shardId) => !chosen.some((shard) => shard.shardId === shardId));
  const absent = shardIds?.find((shardId) => !chosen.some((shard) => shard.shardId === shardId));
  if ((unknown.length > 0 || absent !== undefined) && (await table.list()).length === 0)
    throw absent === undefined ? new StartUnknownError(stream, unknown[0]!) : new ShardUnknownError(stream, absent);
  const shards = chosen.map(({ shardId, parentShardId, adjacentParentShardId }) => ({
    shardId,
    parents: [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined),
  }));
  const created = await table.create({ streamArn: identity.arn, streamCreatedAtMs: identity.createdAtMs }, shards);
  const rows = await table.list();
  const finished = rows.filter(({ state }) => state === 'shardEnd').map(({ shardId }) => shardId);
  // Before their rows may go: then the next list repeats it, should this process end meanwhile.
  await options.endShards(identity, finished);
  const gone = looks.gone(listed, rows, identity);
  const pruned = gone.size > 0 ? await table.prune([...gone]) : [];
  const uncovered = shardIds ? [] : looks.persistent(uncoveredHashKeys(listed, new Set(finished)));
  return { identity, shards: listed.length, created, pruned: pruned.length, uncovered };
}
