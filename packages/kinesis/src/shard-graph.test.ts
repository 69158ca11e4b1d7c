import { describe, expect, it } from 'vitest';
import { MAX_HASH_KEY } from './hash-key.ts';
import { type ShardDescription, ShardGraph } from './shard-graph.ts';

const HALF = MAX_HASH_KEY / 2n;
const LOW = { start: 0n, end: HALF };
const HIGH = { start: HALF + 1n, end: MAX_HASH_KEY };
const ALL = { start: 0n, end: MAX_HASH_KEY };

describe('ShardGraph', () => {
  it('lets the children of a split start once their parent is finished', () => {
    const graph = new ShardGraph([shard('parent', ALL), shard('low', LOW, 'parent'), shard('high', HIGH, 'parent')]);

    expect(graph.claimable(new Set())).toEqual(['parent']);
    expect(graph.claimable(new Set(['parent']))).toEqual(['low', 'high']);
    expect(graph.childrenOf('parent')).toEqual(['low', 'high']);
  });

  it('holds a merged shard back until both parents are finished', () => {
    const graph = new ShardGraph([shard('low', LOW), shard('high', HIGH), shard('merged', ALL, 'low', 'high')]);

    expect(graph.claimable(new Set(['low']))).toEqual(['high']);
    expect(graph.claimable(new Set(['low', 'high']))).toEqual(['merged']);
  });

  it('does not wait for a parent that is no longer listed', () => {
    const graph = new ShardGraph([shard('merged', ALL, 'low', 'high')]);

    expect(graph.parentsOf('merged')).toEqual([]);
    expect(graph.claimable(new Set())).toEqual(['merged']);
  });

  it('tells which hash keys nothing covers', () => {
    const graph = new ShardGraph([shard('parent', ALL), shard('high', HIGH, 'parent')]);

    expect(graph.uncovered(new Set())).toEqual([]);
    expect(graph.uncovered(new Set(['parent']))).toEqual([LOW]);
    expect(graph.uncovered(new Set(['parent', 'high']))).toEqual([ALL]);
    expect(new ShardGraph([shard('low', LOW)]).uncovered(new Set())).toEqual([HIGH]);
  });
});

const shard = (
  shardId: string,
  hashRange: ShardDescription['hashRange'],
  parentShardId?: string,
  adjacentParentShardId?: string,
): ShardDescription => ({
  shardId,
  parentShardId,
  adjacentParentShardId,
  hashRange,
  startingSequenceNumber: '0',
});
