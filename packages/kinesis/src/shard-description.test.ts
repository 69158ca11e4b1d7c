import { expect, it } from 'vitest';
import { MAX_HASH_KEY } from './hash-key.ts';
import { type ShardDescription, uncoveredHashKeys } from './shard-description.ts';

const HALF = MAX_HASH_KEY / 2n;
const LOW = { start: 0n, end: HALF };
const HIGH = { start: HALF + 1n, end: MAX_HASH_KEY };
const ALL = { start: 0n, end: MAX_HASH_KEY };

it('finds the hash keys that no unfinished shard covers', () => {
  const shards = [shard('parent', ALL), shard('high', HIGH)];
  expect(uncoveredHashKeys(shards, new Set())).toEqual([]);
  expect(uncoveredHashKeys(shards, new Set(['parent']))).toEqual([LOW]);
  expect(uncoveredHashKeys(shards, new Set(['parent', 'high']))).toEqual([ALL]);
  expect(uncoveredHashKeys([shard('low', LOW)], new Set())).toEqual([HIGH]);
});

function shard(shardId: string, hashRange: ShardDescription['hashRange']): ShardDescription {
  return { shardId, hashRange, startingSequenceNumber: '0' };
}
