import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { hashKeyOf, includesHashKey, MAX_HASH_KEY } from './hash-key.ts';
import type { ShardDescription } from './shard-description.ts';
import { ShardMap } from './shard-map.ts';

describe('ShardMap', () => {
  it('finds the shard whose range has the hash of the partition key, whatever the order of the list', () => {
    const random = randomFor('shard-map');
    const shards = shardsOf([0n, 1n, 1n << 64n, (1n << 127n) - 1n, 1n << 127n]);
    const map = new ShardMap(shards.toSorted((a, b) => (a.shardId < b.shardId ? 1 : -1)));
    for (let index = 0; index < 500; index++) {
      const partitionKey = String(random.below(1e9));
      const expected = shards.find(({ hashRange }) => includesHashKey(hashRange, hashKeyOf(partitionKey)))!.shardId;
      expect({ partitionKey, shard: map.shardOf({ partitionKey }) }).toEqual({ partitionKey, shard: expected });
    }
  });

  it('goes by the explicit hash key where there is one, both ends of a range included', () => {
    const shards = shardsOf([0n, 1n, 1n << 64n, 1n << 127n]);
    const map = new ShardMap(shards);
    for (const { shardId, hashRange } of shards) {
      for (const edge of [hashRange.start, hashRange.end]) {
        expect(map.shardOf({ partitionKey: 'any', explicitHashKey: String(edge) })).toBe(shardId);
      }
    }
  });

  it('leaves closed shards out', () => {
    const [parent, ...children] = [...shardsOf([0n]), ...shardsOf([0n, 1n << 127n], 'child')];
    const map = new ShardMap([{ ...parent!, endingSequenceNumber: '9' }, ...children]);
    expect(map.shardIds).toEqual(['child-0', 'child-1']);
    expect(map.shardOf({ partitionKey: 'a', explicitHashKey: '0' })).toBe('child-0');
  });

  it('has no answer where no shard is open', () => {
    expect(new ShardMap([]).shardOf({ partitionKey: 'a' })).toBeUndefined();
  });
});

const shardsOf = (starts: readonly bigint[], name = 'shard'): ShardDescription[] =>
  starts.map((start, index) => ({
    shardId: `${name}-${index}`,
    hashRange: { start, end: (starts[index + 1] ?? MAX_HASH_KEY + 1n) - 1n },
    startingSequenceNumber: '1',
  }));
