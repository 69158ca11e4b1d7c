/**
 * A container goes to one shard. Where the stream was resharded since its shards were listed, some of its records may belong to another. The
 * KCL drops the whole container then, the records in their own shard as well. The answer names the shard, so such containers are found here,
 * and all their records sent again.
 */
import type { PutResult } from '@sluice/kinesis';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import type { Container } from './packing-draft.ts';
import type { RecordInHand } from './record-in-hand.ts';

const NONE: ReadonlySet<RecordInHand> = new Set();

/**
 * Records of written containers with at least one in the wrong shard. Where the shard is not known even now, each is that is not routed by the
 * key of the container itself.
 */
export async function findMisplaced(
  entries: readonly Container[],
  results: readonly PutResult[],
  shards: Pick<LiveShards, 'learn' | 'isOf'>,
  signal: AbortSignal,
): Promise<ReadonlySet<RecordInHand>> {
  const elsewhere = entries.flatMap((container, index) => {
    const result = results[index]!;
    if (container.shardId === undefined || 'errorCode' in result || result.shardId === container.shardId) return [];
    return [{ container, shardId: result.shardId }];
  });
  if (elsewhere.length === 0) return NONE;
  for (const shardId of new Set(elsewhere.map((one) => one.shardId))) await shards.learn(shardId, signal);
  return new Set(
    elsewhere.flatMap(({ container, shardId }) => {
      const isMisplaced = container.records.some((record) => !isRoutedLike(record, container) && !shards.isOf(shardId, record));
      return isMisplaced ? container.records : [];
    }),
  );
}

const isRoutedLike = (record: RecordInHand, { partitionKey, explicitHashKey }: Container): boolean =>
  record.explicitHashKey === explicitHashKey && (explicitHashKey !== undefined || record.partitionKey === partitionKey);
