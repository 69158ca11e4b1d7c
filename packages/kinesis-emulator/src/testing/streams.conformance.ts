import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListStreamsCommand,
  PutRecordCommand,
  UpdateMaxRecordSizeCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

const summaryOf = async ({ client }: KinesisTarget, name: string) =>
  (await client.send(new DescribeStreamSummaryCommand({ StreamName: name }))).StreamDescriptionSummary!;

export function checkStreams(check: Check): void {
  check('describes a stream', async (target) => {
    const name = await target.createStream(3);

    const { StreamCreationTimestamp: createdAt, ...summary } = await summaryOf(target, name);

    expect(summary).toMatchObject({
      StreamName: name,
      StreamARN: expect.stringMatching(new RegExp(`^arn:aws:kinesis:us-east-1:\\d{12}:stream/${name}$`)),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      EncryptionType: 'NONE',
      OpenShardCount: 3,
    });
    expect(Math.abs(createdAt!.getTime() - Date.now())).toBeLessThan(30_000);
  });

  check('changes the capacity mode of a stream, which keeps its shards', async (target) => {
    const name = await target.createStream(3);
    const { StreamARN: arn } = await summaryOf(target, name);
    for (const mode of ['ON_DEMAND', 'PROVISIONED'] as const) {
      await target.client.send(new UpdateStreamModeCommand({ StreamARN: arn, StreamModeDetails: { StreamMode: mode } }));
      await target.untilActive(name);

      expect(await summaryOf(target, name)).toMatchObject({ StreamModeDetails: { StreamMode: mode }, OpenShardCount: 3 });
    }
  });

  check('describes a stream with its shards, in pages', async (target) => {
    const { client } = target;
    const name = await target.createStream(3);
    const first = await client.send(new DescribeStreamCommand({ StreamName: name, Limit: 2 }));
    const second = await client.send(new DescribeStreamCommand({ StreamName: name, ExclusiveStartShardId: 'shardId-000000000001' }));

    expect(first.StreamDescription).toMatchObject({ HasMoreShards: true, StreamName: name });
    expect(first.StreamDescription!.Shards!.map((shard) => shard.ShardId)).toEqual(['shardId-000000000000', 'shardId-000000000001']);
    expect(second.StreamDescription).toMatchObject({ HasMoreShards: false });
    expect(second.StreamDescription!.Shards!.map((shard) => shard.ShardId)).toEqual(['shardId-000000000002']);
  });

  check('tells the largest record that a stream takes', async (target) => {
    const name = await target.createStream();

    await expect(summaryOf(target, name)).resolves.toMatchObject({ MaxRecordSizeInKiB: 1024 });
  });

  check('lists streams in order of name, in pages', async (target) => {
    const { client } = target;
    for (const suffix of ['c', 'a', 'b']) {
      await client.send(new CreateStreamCommand({ StreamName: `a-listed-${suffix}`, ShardCount: 1 }));
    }

    const first = await client.send(new ListStreamsCommand({ Limit: 2 }));
    const second = await client.send(new ListStreamsCommand({ Limit: 1, ExclusiveStartStreamName: 'a-listed-b' }));

    expect(first).toMatchObject({ StreamNames: ['a-listed-a', 'a-listed-b'], HasMoreStreams: true });
    expect(second.StreamNames).toEqual(['a-listed-c']);
  });

  check('takes the ARN in place of the name', async (target) => {
    const name = await target.createStream();
    const { StreamARN: arn } = await summaryOf(target, name);

    await target.client.send(new PutRecordCommand({ StreamARN: arn, PartitionKey: 'key', Data: Buffer.from('by arn') }));
    const { Records: records } = await target.page({ StreamARN: arn });

    expect(Buffer.from(records![0]!.Data!).toString()).toBe('by arn');
  });

  check('deletes a stream, and lets its name be used again', async (target) => {
    const { client } = target;
    const name = await target.createStream(2);
    await client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'key', Data: Buffer.from('gone') }));

    await client.send(new DeleteStreamCommand({ StreamName: name }));
    await expect.poll(() => summaryOf(target, name).catch((error: Error) => error.name)).toBe('ResourceNotFoundException');
    await delay(1_100); // a later second, so that the two streams' creation times differ however they are kept
    await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    await target.untilActive(name);

    await expect(summaryOf(target, name)).resolves.toMatchObject({ OpenShardCount: 1 });
    await expect(target.page({ StreamName: name })).resolves.toMatchObject({ Records: [] });
  });

  check('refuses a second stream of a name', async (target) => {
    const name = await target.createStream();

    await expect(target.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
  });

  check('takes larger records once the stream allows them', async (target) => {
    const { client } = target;
    const name = await target.createStream();
    const { StreamARN: arn } = await summaryOf(target, name);
    const large = { StreamName: name, PartitionKey: 'key', Data: Buffer.alloc(1_200_000, 7) };

    await expect(client.send(new PutRecordCommand(large))).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    await client.send(new UpdateMaxRecordSizeCommand({ StreamARN: arn, MaxRecordSizeInKiB: 2048 }));
    await target.untilActive(name);

    await expect(summaryOf(target, name)).resolves.toMatchObject({ MaxRecordSizeInKiB: 2048 });
    await expect(client.send(new PutRecordCommand(large))).resolves.toMatchObject({ ShardId: 'shardId-000000000000' });
  });

  check('changes the retention period in both directions', async (target) => {
    const { client } = target;
    const name = await target.createStream();

    await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 72 }));
    await target.untilActive(name);
    await expect(summaryOf(target, name)).resolves.toMatchObject({ RetentionPeriodHours: 72 });
    await client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 24 }));
    await target.untilActive(name);

    await expect(summaryOf(target, name)).resolves.toMatchObject({ RetentionPeriodHours: 24 });
    await expect(
      client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 23 })),
    ).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });
}
