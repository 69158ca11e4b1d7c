import type { ShardDescription } from '@sluice/kinesis';
import { formatCheckpoint } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { after, type ForeignCheckpoint, type ForeignPosition } from './foreign-checkpoint.ts';
import { type ImportOptions, planImport } from './plan-import.ts';

const STREAM = { name: 'orders', arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders', createdAtMs: 1_700_000_000_999 };
const RANGE = { start: 0n, end: 0n };

const open = (shardId: string, ...parents: string[]): ShardDescription => ({
  ...{ shardId, parentShardId: parents[0], adjacentParentShardId: parents[1], hashRange: RANGE, startingSequenceNumber: '100' },
});
const closed = (shardId: string, ...parents: string[]): ShardDescription => ({ ...open(shardId, ...parents), endingSequenceNumber: '200' });
const at = (shardId: string, position: ForeignPosition, more: Partial<ForeignCheckpoint> = {}): ForeignCheckpoint => ({
  ...{ stream: undefined, shardId, position },
  ...more,
});

const plan = (listed: readonly ShardDescription[], found: readonly ForeignCheckpoint[], more: Partial<ImportOptions> = {}) =>
  planImport({ stream: STREAM, listed, found, nowMs: 5_000, removesFinished: false, ...more });
const checkpoints = (...args: Parameters<typeof plan>) =>
  Object.fromEntries(plan(...args).shards.map(({ shardId, checkpoint }) => [shardId, formatCheckpoint(checkpoint)]));

describe('the plan of an import', () => {
  it('goes on behind what was handled, at the start, at a time, or not at all', () => {
    const listed = ['a', 'b', 'c', 'd', 'e'].map((shardId) => open(shardId));
    const found = [
      at('a', after('150', 3), { owner: 'worker-1' }),
      at('b', { kind: 'TRIM_HORIZON' }),
      at('c', { kind: 'LATEST' }),
      at('d', { kind: 'CONFIGURED_TIME' }),
      at('e', { kind: 'SHARD_END' }),
    ];
    expect(checkpoints(listed, found, { startedAtMs: 4_000 })).toEqual({
      ...{ a: '150:3', b: 'TRIM_HORIZON', c: 'AT_TIMESTAMP:5000', d: 'AT_TIMESTAMP:4000', e: 'SHARD_END' },
    });
    expect(plan(listed, found, { startedAtMs: 4_000 }).shards.slice(0, 2)).toMatchObject([
      { shardId: 'a', parents: [], basis: 'held by worker-1' },
      { shardId: 'b', basis: 'as stored' },
    ]);
  });

  it('takes shards for done whose descendants are read, over generations, and reads children that were not begun from their start', () => {
    const listed = [closed('a'), closed('b', 'a'), closed('c', 'a'), open('d', 'b', 'c'), open('e', 'd'), open('f', 'd')];
    expect(checkpoints(listed, [at('e', after('150'))])).toEqual({
      ...{ a: 'SHARD_END', b: 'SHARD_END', c: 'SHARD_END', d: 'SHARD_END', e: '150:999999999', f: 'TRIM_HORIZON' },
    });
    expect(checkpoints(listed, [at('a', after('150'))])).toMatchObject({ a: '150:999999999', b: 'TRIM_HORIZON', f: 'TRIM_HORIZON' });
  });

  it('takes a closed shard for done of which an application that removes what is done has nothing', () => {
    const listed = [closed('a'), open('b', 'a'), open('c')];
    expect(checkpoints(listed, [at('c', after('150'))], { removesFinished: true })).toMatchObject({ a: 'SHARD_END', b: 'TRIM_HORIZON' });
    expect(checkpoints(listed, [at('c', after('150'))])).toMatchObject({ a: 'TRIM_HORIZON' });
  });

  it('is refused where a shard has two checkpoints', () => {
    const twice = [at('a', after('150'), { stream: 'orders' }), at('a', after('160'), { stream: STREAM.arn })];
    expect(() => plan([open('a')], twice)).toThrow('expected one checkpoint of orders a, found two');
  });

  it('leaves out what the stream does not list any more, and other streams', () => {
    const other = at('a', after('160'), { stream: 'others' });
    const found = [at('z', after('150'), { stream: 'orders' }), at('a', after('155'), { stream: STREAM.arn }), other];
    expect(plan([open('a')], found)).toMatchObject({ shards: [{ shardId: 'a' }], gone: [{ shardId: 'z' }] });
    expect(plan([open('a')], [other])).toEqual({ shards: [], gone: [] });
  });

  it('tells a stream from an earlier one of its name where the application keeps when it was made', () => {
    const of = (streamCreatedAtSeconds: number) => [at('a', after('150'), { stream: 'orders', streamCreatedAtSeconds })];
    expect(checkpoints([open('a')], of(1_700_000_000))).toEqual({ a: '150:999999999' });
    expect(checkpoints([open('a')], of(1_600_000_000))).toEqual({});
  });

  it('refuses a sequence number that the shard cannot have, and a time that is not known', () => {
    expect(checkpoints([closed('a')], [at('a', after('100'))])).toEqual({ a: '100:999999999' });
    expect(checkpoints([closed('a')], [at('a', after('200'))])).toEqual({ a: '200:999999999' });
    for (const number of ['99', '201', '1000'])
      expect(() => plan([closed('a')], [at('a', after(number))])).toThrow(
        `expected a sequence number of orders a, from 100 to 200, found ${number}; was the stream deleted and created again?`,
      );
    expect(() => plan([open('a')], [at('a', { kind: 'CONFIGURED_TIME' })])).toThrow('give it with --at-timestamp');
  });
});
