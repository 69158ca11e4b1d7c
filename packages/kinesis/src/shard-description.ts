import { type HashRange, MAX_HASH_KEY } from './hash-key.ts';

/** A shard as the stream lists it. A split gives one parent two children, a merge gives one child two parents. */
export interface ShardDescription {
  readonly shardId: string;
  readonly parentShardId?: string | undefined;
  /** The second parent of a merged shard. */
  readonly adjacentParentShardId?: string | undefined;
  readonly hashRange: HashRange;
  readonly startingSequenceNumber: string;
  /** Absent while the shard is open. */
  readonly endingSequenceNumber?: string | undefined;
}

/**
 * The hash keys that no unfinished shard covers, in order. If there are any, records would be missed: a finished shard's children are not
 * listed yet, or a shard is taken for finished that is not.
 */
export function uncoveredHashKeys(shards: readonly ShardDescription[], finished: ReadonlySet<string>): readonly HashRange[] {
  const ranges = shards
    .filter(({ shardId }) => !finished.has(shardId))
    .map(({ hashRange }) => hashRange)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const gaps: HashRange[] = [];
  let next = 0n;
  for (const { start, end } of ranges) {
    if (start > next) gaps.push({ start: next, end: start - 1n });
    if (end >= next) next = end + 1n;
  }
  if (next <= MAX_HASH_KEY) gaps.push({ start: next, end: MAX_HASH_KEY });
  return gaps;
}
