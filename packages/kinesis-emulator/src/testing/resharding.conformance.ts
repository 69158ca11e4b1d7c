import {
  GetRecordsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  type Shard,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

const shardId = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

async function put({ client }: KinesisTarget, name: string, text: string, hashKey = '0') {
  return await client.send(
    new PutRecordCommand({ StreamName: name, PartitionKey: 'key', ExplicitHashKey: hashKey, Data: Buffer.from(text) }),
  );
}

async function split(target: KinesisTarget, name: string, index: number, at: bigint): Promise<void> {
  await target.client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: shardId(index), NewStartingHashKey: String(at) }));
  await target.untilActive(name);
}

async function merge(target: KinesisTarget, name: string, left: number, right: number): Promise<void> {
  await target.client.send(new MergeShardsCommand({ StreamName: name, ShardToMerge: shardId(left), AdjacentShardToMerge: shardId(right) }));
  await target.untilActive(name);
}

/** Pages of a shard from its oldest record to its end. */
async function readToEnd(target: KinesisTarget, name: string, index: number) {
  const texts: string[] = [];
  let page = await target.page({ StreamName: name, ShardId: shardId(index) });
  for (;;) {
    texts.push(...page.Records!.map(({ Data: data }) => Buffer.from(data!).toString()));
    if (!page.NextShardIterator) return { texts, children: page.ChildShards };
    page = await target.client.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
  }
}

const isOpen = ({ SequenceNumberRange: range }: Shard): boolean => range!.EndingSequenceNumber === undefined;

export function checkResharding(check: Check): void {
  check('splits a shard into two children that share its range', async (target) => {
    const name = await target.createStream();
    await split(target, name, 0, 2n ** 127n);

    const [parent, left, right] = await target.shards(name);

    expect(isOpen(parent!)).toBe(false);
    expect(left).toMatchObject({
      ShardId: shardId(1),
      ParentShardId: shardId(0),
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
    });
    expect(right).toMatchObject({
      ShardId: shardId(2),
      ParentShardId: shardId(0),
      HashKeyRange: { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) },
    });
  });

  check('merges two shards into a child that names both', async (target) => {
    const name = await target.createStream(2);
    await merge(target, name, 0, 1);

    const shards = await target.shards(name);

    expect(shards.map(isOpen)).toEqual([false, false, true]);
    expect(shards[2]).toMatchObject({
      ShardId: shardId(2),
      ParentShardId: shardId(0),
      AdjacentParentShardId: shardId(1),
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
    });
  });

  check('ends a closed shard with its records and its children', async (target) => {
    const name = await target.createStream();
    await put(target, name, 'old');
    await split(target, name, 0, 1000n);
    await put(target, name, 'new');

    const { texts, children } = await readToEnd(target, name, 0);

    expect(texts).toEqual(['old']);
    expect(children).toEqual([
      { ShardId: shardId(1), ParentShards: [shardId(0)], HashKeyRange: { StartingHashKey: '0', EndingHashKey: '999' } },
      {
        ShardId: shardId(2),
        ParentShards: [shardId(0)],
        HashKeyRange: { StartingHashKey: '1000', EndingHashKey: String(2n ** 128n - 1n) },
      },
    ]);
  });

  check('names both parents of a merged child at the end of each', async (target) => {
    const name = await target.createStream(2);
    await put(target, name, 'left');
    await merge(target, name, 0, 1);

    const ends = [await readToEnd(target, name, 0), await readToEnd(target, name, 1)];

    expect(ends.map(({ texts }) => texts)).toEqual([['left'], []]);
    for (const { children } of ends) {
      expect(children).toMatchObject([{ ShardId: shardId(2), ParentShards: expect.arrayContaining([shardId(0), shardId(1)]) }]);
    }
  });

  check('gives children sequence numbers above all of their parents’', async (target) => {
    const name = await target.createStream();
    const { SequenceNumber: before } = await put(target, name, 'before');
    await split(target, name, 0, 1000n);
    const { SequenceNumber: between } = await put(target, name, 'between');
    await merge(target, name, 1, 2);
    const { SequenceNumber: after } = await put(target, name, 'after');

    expect(BigInt(between!)).toBeGreaterThan(BigInt(before!));
    expect(BigInt(after!)).toBeGreaterThan(BigInt(between!));
  });

  check('ends a closed shard’s range above its records and below its children’s', async (target) => {
    const name = await target.createStream();
    const { SequenceNumber: before } = await put(target, name, 'before');
    await split(target, name, 0, 1000n);
    const { SequenceNumber: after } = await put(target, name, 'after');

    const [parent] = await target.shards(name);

    const end = BigInt(parent!.SequenceNumberRange!.EndingSequenceNumber!);
    expect(end).toBeGreaterThan(BigInt(before!));
    expect(BigInt(after!)).toBeGreaterThan(end);
  });

  check('routes to the children once the parent is closed', async (target) => {
    const name = await target.createStream();
    await split(target, name, 0, 1000n);

    const placed = await Promise.all(['999', '1000'].map((hashKey) => put(target, name, 'text', hashKey)));

    expect(placed.map((result) => result.ShardId)).toEqual([shardId(1), shardId(2)]);
  });

  check('refuses to split at the edge of the range or outside of it', async (target) => {
    const name = await target.createStream(2);

    for (const at of [0n, 2n ** 127n - 1n, 2n ** 127n, 2n ** 128n - 1n]) {
      await expect(split(target, name, 0, at)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    }
  });

  check('refuses to merge shards that are not adjacent', async (target) => {
    const name = await target.createStream(3);

    await expect(merge(target, name, 0, 2)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses to split or merge a closed shard', async (target) => {
    const name = await target.createStream(2);
    await split(target, name, 0, 1000n);

    await expect(split(target, name, 0, 500n)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(merge(target, name, 0, 1)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses to split a shard that the stream does not have', async (target) => {
    const name = await target.createStream();

    await expect(split(target, name, 7, 1000n)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  check('scales to a number of shards that cover the hash space', async (target) => {
    const name = await target.createStream(4);
    for (const count of [8, 5]) {
      await target.client.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount: count, ScalingType: 'UNIFORM_SCALING' }));
      await target.untilActive(name);

      const ranges = (await target.shards(name))
        .filter(isOpen)
        .map(({ HashKeyRange: range }) => [BigInt(range!.StartingHashKey!), BigInt(range!.EndingHashKey!)] as const);
      ranges.sort(([left], [right]) => (left < right ? -1 : 1));

      expect(ranges).toHaveLength(count);
      expect(ranges.slice(1).map(([start]) => start)).toEqual(ranges.slice(0, -1).map(([, end]) => end + 1n));
      expect([ranges[0]![0], ranges.at(-1)![1]]).toEqual([0n, 2n ** 128n - 1n]);
    }
  });

  check('refuses to scale to more than double', async (target) => {
    const name = await target.createStream();

    await expect(
      target.client.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });
}
