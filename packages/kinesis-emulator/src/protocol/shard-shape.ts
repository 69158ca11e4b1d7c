import { toDecimal } from '../store/hash-range.ts';
import type { ListedShard } from '../store/listed-shard.ts';
import type { JsonObject } from './input.ts';

const rangeShape = ({ facts: { range } }: ListedShard) => ({
  StartingHashKey: toDecimal(range.start),
  EndingHashKey: toDecimal(range.end),
});

/** A shard as ListShards and DescribeStream show it. */
export const shardShape = (shard: ListedShard): JsonObject => ({
  ShardId: shard.id,
  ParentShardId: shard.facts.parentId,
  AdjacentParentShardId: shard.facts.adjacentParentId,
  HashKeyRange: rangeShape(shard),
  SequenceNumberRange: { StartingSequenceNumber: shard.startingSequenceNumber, EndingSequenceNumber: shard.endingSequenceNumber },
});

/** A shard as GetRecords shows it at the end of its parent. */
export const childShardShape = (shard: ListedShard): JsonObject => ({
  ShardId: shard.id,
  ParentShards: [shard.facts.parentId, shard.facts.adjacentParentId].filter((id) => id !== undefined),
  HashKeyRange: rangeShape(shard),
});
