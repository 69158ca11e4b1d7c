import { DescribeStreamSummaryCommand, GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';

const SHARD = 'shardId-000000000000';

export function checkRefusals(check: Check): void {
  check('knows no stream that was not created', async ({ client }) => {
    const missing = 'never-created';
    const record = { PartitionKey: 'key', Data: Buffer.from('data') };
    const refused = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } };

    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName: missing }))).rejects.toMatchObject(refused);
    await expect(client.send(new PutRecordCommand({ StreamName: missing, ...record }))).rejects.toMatchObject(refused);
    await expect(client.send(new PutRecordsCommand({ StreamName: missing, Records: [record] }))).rejects.toMatchObject(refused);
  });

  check('knows no stream of another account', async ({ client }) => {
    await expect(
      client.send(new DescribeStreamSummaryCommand({ StreamARN: 'arn:aws:kinesis:us-east-1:999999999999:stream/elsewhere' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  check('refuses a stream name with characters that names cannot have', async (target) => {
    await expect(target.raw('CreateStream', '{"StreamName":"no spaces","ShardCount":1}')).resolves.toEqual({
      status: 400,
      type: 'ValidationException',
    });
  });

  check('refuses an iterator that it did not give out', async ({ client }) => {
    await expect(client.send(new GetRecordsCommand({ ShardIterator: 'bm90IGFuIGl0ZXJhdG9y' }))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  check('refuses a limit above 10,000', async (target) => {
    const name = await target.createStream();

    await expect(target.page({ StreamName: name }, 10_001)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses an iterator for a shard that the stream does not have', async (target) => {
    const name = await target.createStream();

    await expect(target.page({ StreamName: name, ShardId: 'shardId-000000000009' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  check('refuses an iterator at a sequence number without one', async (target) => {
    const name = await target.createStream();

    await expect(target.page({ StreamName: name, ShardId: SHARD, ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  check('refuses a sequence number with an iterator that needs none', async (target) => {
    const name = await target.createStream();
    const { SequenceNumber: number } = await target.client.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'key', Data: Buffer.from('data') }),
    );

    await expect(
      target.page({ StreamName: name, ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: number }),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses an iterator in the future', async (target) => {
    const name = await target.createStream();

    await expect(
      target.page({ StreamName: name, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 3_600_000) }),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses a sequence number of another shard', async (target) => {
    const name = await target.createStream(2);
    const { SequenceNumber: number } = await target.client.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'key', ExplicitHashKey: '0', Data: Buffer.from('data') }),
    );

    await expect(
      target.page({
        StreamName: name,
        ShardId: 'shardId-000000000001',
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: number,
      }),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check('refuses an operation that the service does not have', async (target) => {
    await expect(target.raw('PutEverything', '{}')).resolves.toEqual({ status: 400, type: 'UnknownOperationException' });
  });

  check('refuses a body that is not JSON, or has members of the wrong type', async (target) => {
    const refused = { status: 400, type: 'SerializationException' };

    await expect(target.raw('PutRecord', '{"StreamName":')).resolves.toEqual(refused);
    await expect(target.raw('DescribeStreamSummary', '{"StreamName":5}')).resolves.toEqual(refused);
    await expect(target.raw('PutRecords', '{"StreamName":"any","Records":{}}')).resolves.toMatchObject({ status: 400 });
  });

  check('refuses data that is not base64', async (target) => {
    const name = await target.createStream();

    await expect(target.raw('PutRecord', JSON.stringify({ StreamName: name, PartitionKey: 'key', Data: '#!*~' }))).resolves.toEqual({
      status: 400,
      type: 'SerializationException',
    });
  });

  check('refuses a request without credentials', async (target) => {
    await expect(target.raw('ListStreams', '{}', null)).resolves.toEqual({
      status: 400,
      type: 'MissingAuthenticationTokenException',
    });
  });

  check('refuses a request with half a signature', async (target) => {
    await expect(target.raw('ListStreams', '{}', 'AWS4-HMAC-SHA256 Credential=key/x')).resolves.toEqual({
      status: 400,
      type: 'IncompleteSignatureException',
    });
  });
}
