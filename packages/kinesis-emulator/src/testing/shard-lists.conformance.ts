import { setTimeout as delay } from 'node:timers/promises';
import { ListShardsCommand, type ShardFilter, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

const idsOf = ({ Shards: shards }: { readonly Shards?: readonly { readonly ShardId: string | undefined }[] | undefined }): number[] =>
  shards!.map(({ ShardId: id }) => Number(id!.slice(-12)));

/** A stream whose shard 0 was split into 2 and 3, and whose shard 1 is still open. */
async function splitStream(target: KinesisTarget): Promise<{ name: string; beforeSplit: Date; afterSplit: Date }> {
  const name = await target.createStream(2);
  await delay(20);
  const beforeSplit = new Date();
  await delay(20);
  await target.client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' }));
  await target.untilActive(name);
  await delay(20);
  return { name, beforeSplit, afterSplit: new Date() };
}

export function checkShardLists(check: Check): void {
  check('lists shards whose ranges cover the hash space', async (target) => {
    const name = await target.createStream(3);

    const shards = await target.shards(name);

    const ranges = shards.map(({ HashKeyRange: range }) => [BigInt(range!.StartingHashKey!), BigInt(range!.EndingHashKey!)] as const);
    expect(ranges[0]![0]).toBe(0n);
    expect(ranges.slice(1).map(([start]) => start)).toEqual(ranges.slice(0, -1).map(([, end]) => end + 1n));
    expect(ranges.at(-1)![1]).toBe(2n ** 128n - 1n);
  });

  check('lists shards in pages', async (target) => {
    const { client } = target;
    const name = await target.createStream(5);

    const first = await client.send(new ListShardsCommand({ StreamName: name, MaxResults: 2 }));
    const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken, MaxResults: 2 }));
    const third = await client.send(new ListShardsCommand({ NextToken: second.NextToken }));

    expect([first, second, third].map(idsOf)).toEqual([[0, 1], [2, 3], [4]]);
    expect(third.NextToken).toBeUndefined();
  });

  check('lists shards after a given one', async (target) => {
    const name = await target.createStream(4);

    const shards = await target.client.send(new ListShardsCommand({ StreamName: name, ExclusiveStartShardId: 'shardId-000000000001' }));

    expect(idsOf(shards)).toEqual([2, 3]);
  });

  check('refuses a page token together with a stream', async (target) => {
    const name = await target.createStream(2);
    const { NextToken: token } = await target.client.send(new ListShardsCommand({ StreamName: name, MaxResults: 1 }));

    await expect(target.client.send(new ListShardsCommand({ StreamName: name, NextToken: token }))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  check('filters shards by where they stand', async (target) => {
    const { name } = await splitStream(target);
    const list = async (filter: ShardFilter) =>
      idsOf(await target.client.send(new ListShardsCommand({ StreamName: name, ShardFilter: filter })));

    expect(await list({ Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2, 3]);
    expect(await list({ Type: 'AT_LATEST' })).toEqual([1, 2, 3]);
    expect(await list({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' })).toEqual([2, 3]);
  });

  check('filters shards that were open at the trim horizon', async (target) => {
    const { name } = await splitStream(target);

    const shards = await target.client.send(new ListShardsCommand({ StreamName: name, ShardFilter: { Type: 'AT_TRIM_HORIZON' } }));

    expect(idsOf(shards)).toEqual([0, 1]);
  });

  check('filters shards by the time at which they were open', async (target) => {
    const { name, beforeSplit, afterSplit } = await splitStream(target);
    const list = async (type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP', timestamp: Date) =>
      idsOf(await target.client.send(new ListShardsCommand({ StreamName: name, ShardFilter: { Type: type, Timestamp: timestamp } })));

    expect(await list('AT_TIMESTAMP', beforeSplit)).toEqual([0, 1]);
    expect(await list('AT_TIMESTAMP', afterSplit)).toEqual([1, 2, 3]);
    expect(await list('FROM_TIMESTAMP', beforeSplit)).toEqual([0, 1, 2, 3]);
    expect(await list('FROM_TIMESTAMP', afterSplit)).toEqual([1, 2, 3]);
  });
}
