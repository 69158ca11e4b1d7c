import type { SluiceRecord } from '@sluice/core';
import { type HashRange, MAX_HASH_KEY } from '../hash-key.ts';

/** A shard with its records. */
export interface FakeShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly hashRange: HashRange;
  readonly startingSequenceNumber: string;
  readonly records: SluiceRecord[];
  endingSequenceNumber: string | undefined;
}

/** The shards of a new stream: the hash keys in equal shares. */
export function openShards(count: number, startingSequenceNumber: string): FakeShard[] {
  const share = (MAX_HASH_KEY + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => {
    const start = share * BigInt(index);
    const end = index === count - 1 ? MAX_HASH_KEY : start + share - 1n;
    return newShard(index, [], { start, end }, startingSequenceNumber);
  });
}

/** The two children of a shard that is split in the middle. */
export function splitShards(parent: FakeShard, nextIndex: number, startingSequenceNumber: string): FakeShard[] {
  const { start, end } = parent.hashRange;
  const middle = (start + end) / 2n;
  return [
    newShard(nextIndex, [parent.shardId], { start, end: middle }, startingSequenceNumber),
    newShard(nextIndex + 1, [parent.shardId], { start: middle + 1n, end }, startingSequenceNumber),
  ];
}

/** The child of two neighbours, lower hash keys first. */
export const mergedShard = (low: FakeShard, high: FakeShard, nextIndex: number, startingSequenceNumber: string): FakeShard =>
  newShard(nextIndex, [low.shardId, high.shardId], { start: low.hashRange.start, end: high.hashRange.end }, startingSequenceNumber);

const newShard = (index: number, parents: readonly string[], hashRange: HashRange, startingSequenceNumber: string): FakeShard => ({
  shardId: `shardId-${String(index).padStart(12, '0')}`,
  parents,
  hashRange,
  startingSequenceNumber,
  records: [],
  endingSequenceNumber: undefined,
});
