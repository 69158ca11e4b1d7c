import { silentLogger, systemClock } from '@sluice/core';
import type { KinesisSource, StartingPosition } from '@sluice/kinesis';
import { describeSource, type SourceUnderTest } from '@sluice/kinesis/testing/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSource } from './open-source.ts';
import { startTableStub } from './testing/table-stub.ts';

const AT_S = 1_700_000_000;

describeSource('the stream of a table', startUnderTest);

describe('the stream of a table', () => {
  it('is described, and its shards are listed over all pages', async () => {
    const { stream, source, shard } = await tableStream();
    const child = stream.rollOver(shard);
    const grandchild = stream.rollOver(child);
    await expect(source.describeStream(stream.arn)).resolves.toEqual({
      ...{ name: 'orders', arn: stream.arn, status: 'ACTIVE', createdAtMs: AT_S * 1_000, retentionHours: 24, openShardCount: 1 },
      ...{ maxRecordBytes: 1_048_576, isAutoDistributed: false },
    });
    const shards = await source.listShards(stream.arn);
    expect(
      shards.map(({ shardId, parentShardId, endingSequenceNumber }) => [shardId, parentShardId, endingSequenceNumber !== undefined]),
    ).toEqual([
      [shard, undefined, true],
      [child, shard, true],
      [grandchild, child, false],
    ]);
  });

  it('returns changes in order as Lambda is given them, with the partition key of the item and where they came from', async () => {
    const { stream, read, shard } = await tableStream();
    const number = stream.write(shard, 'für 😀', { photo: { B: 'AAEC' }, tags: { SS: ['a'] }, parts: { L: [{ BS: ['Aw=='] }] } }, AT_S);
    stream.write(shard, 'b');
    const { records } = await read({ type: 'TRIM_HORIZON' });

    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['für 😀', 'b']);
    expect(records[0]!.origin).toEqual({
      ...{ stream: stream.arn, shardId: shard, sequenceNumber: number },
      subSequenceNumber: 0,
      arrivalTimeMs: AT_S * 1_000,
    });
    const keys = { id: { S: 'für 😀' }, line: { N: '1' } };
    expect(JSON.parse(Buffer.from(records[0]!.data).toString())).toEqual({
      ...{ eventID: number, eventName: 'INSERT', eventSource: 'aws:dynamodb', awsRegion: 'us-east-1', eventSourceARN: stream.arn },
      dynamodb: {
        ...{ ApproximateCreationDateTime: AT_S, Keys: keys, SequenceNumber: number, StreamViewType: 'NEW_IMAGE' },
        NewImage: { ...keys, photo: { B: 'AAEC' }, tags: { SS: ['a'] }, parts: { L: [{ BS: ['Aw=='] }] } },
      },
    });
  });

  it('starts at a time: a minute early, since times are rounded, and over pages of older changes', async () => {
    const { stream, read, shard } = await tableStream();
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) stream.write(shard, id, {}, AT_S + 60 * index);
    // The service's times may go back a little.
    stream.write(shard, 'e', {}, AT_S);
    const keysFrom = async (timestampMs: number) =>
      (await read({ type: 'AT_TIMESTAMP', timestampMs }, 1)).records.map(({ partitionKey }) => partitionKey);
    expect(await keysFrom((AT_S + 120) * 1_000)).toEqual(['c', 'd', 'e']);
    expect(await keysFrom((AT_S + 179) * 1_000)).toEqual(['c', 'd', 'e']);
    expect(await keysFrom((AT_S + 180) * 1_000)).toEqual(['d', 'e']);
    expect(await keysFrom((AT_S + 900) * 1_000)).toEqual([]);
  });

  it('begins at the oldest change that is left where a position was trimmed, also under an iterator', async () => {
    const { stream, read, source, shard } = await tableStream();
    const [first, second] = ['a', 'b', 'c', 'd'].map((id) => stream.write(shard, id));
    const place = { stream: stream.arn, shardId: shard };
    const iterator = await source.getShardIterator({ ...place, position: { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: first! } });
    const third = stream.write(shard, 'e');
    stream.trim(shard, third);
    stream.write(shard, 'f');
    await expect(source.getRecords({ ...place, iterator, limit: 10 })).rejects.toMatchObject({
      code: 'ITERATOR_EXPIRED',
      disposition: 'retry',
    });
    const { records } = await read({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber: second! });
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['f']);
  });
});

async function startUnderTest(): Promise<SourceUnderTest> {
  const { stub, source } = await connect();
  const { stream } = stub;
  return {
    ...{ source, stream: stream.arn, shardId: stream.shardIds[0]!, nowhere: stream.arn.replace('orders', 'nowhere') },
    write: async (shardId, ...keys) => keys.map((key) => stream.write(shardId, key)),
    endShard: async (shardId) => [stream.rollOver(shardId)],
    async [Symbol.asyncDispose]() {
      source[Symbol.dispose]();
      await stub[Symbol.asyncDispose]();
    },
  };
}

async function tableStream() {
  const { stub, source } = await connect();
  const { stream } = stub;
  onTestFinished(async () => {
    source[Symbol.dispose]();
    await stub[Symbol.asyncDispose]();
  });
  const shard = stream.shardIds[0]!;
  const read = (position: StartingPosition, limit?: number) => readShard(source, stream.arn, shard, position, limit);
  return { stream, source, shard, read };
}

async function connect() {
  const stub = await startTableStub();
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials, assumeRole: undefined, http: {} };
  const env = { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: stub.url };
  return { stub, source: await openSource(stub.stream.arn, aws, { env, clock: systemClock, logger: silentLogger }) };
}

async function readShard(source: KinesisSource, stream: string, shardId: string, position: StartingPosition, limit = 1_000) {
  let iterator: string | null = await source.getShardIterator({ stream, shardId, position });
  const records = [];
  // Pages before a time are empty, as those at the tip are.
  for (let empty = 0; iterator !== null && empty < 9; ) {
    const page = await source.getRecords({ stream, shardId, iterator, limit });
    records.push(...page.recordsAfter().take());
    empty = page.rawCount === 0 ? empty + 1 : 0;
    iterator = page.nextIterator;
  }
  return { records };
}
