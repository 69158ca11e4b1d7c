import type { ListedShard } from './listed-shard.ts';

export const FILTER_TYPES = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const;

export interface ShardFilter {
  readonly type: (typeof FILTER_TYPES)[number];
  readonly shardId?: string | undefined;
  readonly timestampMs?: number | undefined;
}

const wasOpenAt = ({ facts, closedAtMs }: ListedShard, timeMs: number): boolean =>
  facts.createdAtMs <= timeMs && (closedAtMs === undefined || closedAtMs >= timeMs);

/** The shards a filter lets through, in the order they have. */
export function filterShards(
  shards: readonly ListedShard[],
  { type, shardId = '', timestampMs = 0 }: ShardFilter,
  trimHorizonMs: number,
): readonly ListedShard[] {
  switch (type) {
    case 'AFTER_SHARD_ID':
      return shards.filter(({ id }) => id > shardId);
    case 'FROM_TRIM_HORIZON':
      return shards;
    case 'AT_TRIM_HORIZON':
      return shards.filter((shard) => wasOpenAt(shard, trimHorizonMs));
    case 'AT_LATEST':
      return shards.filter(({ isOpen }) => isOpen);
    case 'AT_TIMESTAMP':
      return shards.filter((shard) => wasOpenAt(shard, timestampMs));
    case 'FROM_TIMESTAMP':
      return shards.filter(({ closedAtMs }) => closedAtMs === undefined || closedAtMs >= timestampMs);
  }
}
