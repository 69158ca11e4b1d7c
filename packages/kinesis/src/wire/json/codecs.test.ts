import { describe, expect, it } from 'vitest';
import { Aggregator } from '../../aggregation/aggregate.ts';
import { decodeGetRecords } from './get-records-codec.ts';
import { decodePutRecords, encodePutRecords } from './put-records-codec.ts';

describe('encodePutRecords', () => {
  it('writes the JSON that the service reads', () => {
    const body = encodePutRecords('orders', [
      { partitionKey: 'plain', data: Buffer.from('hello') },
      { partitionKey: 'quote " back \\ ümlaut 😀 \u0001 \u2028', explicitHashKey: '123', data: new Uint8Array([0, 255, 128]).subarray(1) },
      { partitionKey: 'empty', data: new Uint8Array() },
    ]);

    expect(JSON.parse(body.toString())).toEqual({
      StreamName: 'orders',
      Records: [
        { Data: 'aGVsbG8=', PartitionKey: 'plain' },
        { Data: '/4A=', PartitionKey: 'quote " back \\ ümlaut 😀 \u0001 \u2028', ExplicitHashKey: '123' },
        { Data: '', PartitionKey: 'empty' },
      ],
    });
  });

  it('names a stream given by its ARN as such, and survives having no records', () => {
    const arn = 'arn:aws:kinesis:eu-central-1:000000000000:stream/orders';
    expect(encodePutRecords(arn, []).toString()).toBe(`{"StreamARN":"${arn}","Records":[]}`);
  });
});

describe('decodePutRecords', () => {
  it('takes only a sequence number for a success', () => {
    const reply = {
      FailedRecordCount: 2,
      Records: [
        { SequenceNumber: '1', ShardId: 'a', ErrorCode: null, ErrorMessage: null },
        { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' },
        {},
      ],
    };
    expect(decodePutRecords(Buffer.from(JSON.stringify(reply)), 3)).toEqual({
      failedCount: 2,
      results: [
        { sequenceNumber: '1', shardId: 'a' },
        { errorCode: 'ProvisionedThroughputExceededException', errorMessage: 'slow down' },
        { errorCode: 'InternalFailure', errorMessage: '' },
      ],
    });
  });

  it.each(['{}', '{"Records":[]}', '<html>'])('refuses the reply %s to a request of one record', (text) => {
    expect(() => decodePutRecords(Buffer.from(text), 1)).toThrow();
  });
});

describe('decodeGetRecords', () => {
  it('turns a reply into a page that unpacks its aggregates', () => {
    const aggregate = new Aggregator(1_000_000);
    aggregate.add({ partitionKey: 'inner', data: Buffer.from('x') });
    aggregate.add({ partitionKey: 'inner', data: Buffer.from('yz') });
    const container = aggregate.toBytes();
    const reply = {
      Records: [
        {
          SequenceNumber: '41',
          ApproximateArrivalTimestamp: 1700000000.123,
          Data: 'aGVsbG8=',
          PartitionKey: 'für',
          EncryptionType: 'NONE',
        },
        { SequenceNumber: '42', ApproximateArrivalTimestamp: 1700000001, Data: container.toString('base64'), PartitionKey: 'outer' },
        { SequenceNumber: '43', Data: '' },
      ],
      NextShardIterator: 'next',
      MillisBehindLatest: 7,
    };
    const origin = (sequenceNumber: string, subSequenceNumber: number, arrivalTimeMs: number) => ({
      ...{ stream: 's', shardId: 'shard', sequenceNumber, subSequenceNumber, arrivalTimeMs },
    });

    const page = decodeGetRecords(Buffer.from(JSON.stringify(reply)), 's', 'shard');
    expect([...page.recordsAfter().take()]).toEqual([
      { partitionKey: 'für', data: Buffer.from('hello'), metadata: {}, origin: origin('41', 0, 1_700_000_000_123) },
      { partitionKey: 'inner', data: Buffer.from('x'), metadata: {}, origin: origin('42', 0, 1_700_000_001_000) },
      { partitionKey: 'inner', data: Buffer.from('yz'), metadata: {}, origin: origin('42', 1, 1_700_000_001_000) },
      { partitionKey: '', data: Buffer.alloc(0), metadata: {}, origin: origin('43', 0, 0) },
    ]);
    expect(page).toMatchObject({
      rawCount: 3,
      hasAggregates: true,
      firstSequenceNumber: '41',
      byteSize: 5 + container.byteLength,
      nextIterator: 'next',
      childShards: [],
      millisBehindLatest: 7,
    });
  });

  it.each([
    ['spaced', (reply: object) => JSON.stringify(reply, undefined, 1)],
    ['with escaped slashes', (reply: object) => JSON.stringify(reply).replaceAll('/', '\\/')],
    ['compact', JSON.stringify],
  ])('reads a reply that is %s, whatever its keys hold', (_, write) => {
    const payloads = ['"Data":"', '{"Data":"', '\\"', '', 'für \\u0022'].map((partitionKey, index) => ({
      partitionKey,
      data: Buffer.alloc(index * 7, 0xff),
    }));
    const Records = payloads.map(({ partitionKey, data }, index) => ({
      ...{ Data: data.toString('base64'), PartitionKey: partitionKey, SequenceNumber: String(index) },
    }));

    const page = decodeGetRecords(Buffer.from(write({ Records, NextShardIterator: 'n' })), 's', 'shard');
    expect(Array.from(page.recordsAfter().take(), ({ partitionKey, data }) => ({ partitionKey, data }))).toEqual(payloads);
    expect(page.byteSize).toBe(70);
  });

  it.each(['<html>', '', '{"Records":[{"Data":"AAAA'])('refuses %j', (text) => {
    expect(() => decodeGetRecords(Buffer.from(text), 's', 'shard')).toThrow();
  });

  it('reads the end of a shard', () => {
    const reply =
      '{"Records":[],"NextShardIterator":null,"MillisBehindLatest":0,"ChildShards":[{"ShardId":"low","ParentShards":["shard"]},{"ShardId":"high"}]}';
    expect(decodeGetRecords(Buffer.from(reply), 's', 'shard')).toMatchObject({
      rawCount: 0,
      byteSize: 0,
      nextIterator: null,
      childShards: [
        { shardId: 'low', parents: ['shard'] },
        { shardId: 'high', parents: ['shard'] },
      ],
      millisBehindLatest: 0,
    });
  });
});
