/**
 * A container goes to one shard. Where the stream was resharded since its shards were listed, some of its records may belong to another, and
 * readers that check it, as the KCL does, drop those. The answer names the shard, so they are found here, and sent again.
 */
import type { PutResult } from '@sluice/kinesis';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import type { Container } from './packing-draft.ts';
import type { RecordInHand } from './record-in-hand.ts';

const NONE: ReadonlySet<RecordInHand> = new Set();

/**
 * Records of written containers that are in the wrong shard. Where the shard is not known even now, all of a container are that are not
 * routed by the key of the container itself.
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
    elsewhere.flatMap(({ container, shardId }) =>
      container.records.filter((record) => !isRoutedLike(record, container) && !shards.isOf(shardId, record)),
    ),
  );
}

const isRoutedLike = (record: RecordInHand, { partitionKey, explicitHashKey }: Container): boolean =>
  record.explicitHashKey === explicitHashKey && (explicitHashKey !== undefined || record.partitionKey === partitionKey);
