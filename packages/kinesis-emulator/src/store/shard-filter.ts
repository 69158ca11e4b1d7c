import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';

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

const wasOpenAt = ({ facts, closedAtMs }: Shard, timeMs: number): boolean =>
  facts.createdAtMs <= timeMs && (closedAtMs === undefined || closedAtMs >= timeMs);

/** The shards a filter lets through, in order of their ids. */
export function filterShards(stream: Stream, { type, shardId = '', timestampMs = 0 }: ShardFilter): Shard[] {
  switch (type) {
    case 'AFTER_SHARD_ID':
      return stream.shards.filter(({ id }) => id > shardId);
    case 'FROM_TRIM_HORIZON':
      return [...stream.shards];
    case 'AT_TRIM_HORIZON':
      return stream.shards.filter((shard) => wasOpenAt(shard, stream.trimHorizonMs));
    case 'AT_LATEST':
      return stream.shards.filter(({ isOpen }) => isOpen);
    case 'AT_TIMESTAMP':
      return stream.shards.filter((shard) => wasOpenAt(shard, timestampMs));
    case 'FROM_TIMESTAMP':
      return stream.shards.filter(({ closedAtMs }) => closedAtMs === undefined || closedAtMs >= timestampMs);
  }
}
