import { randomFor } from '@sluice/testkit';
import { cbor, tag } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import { BodyBuffers } from '../body-buffers.ts';
import { cborEncoding } from './cbor-encoding.ts';
import { CborReader, knownNames } from './cbor-reader.ts';

const write = (value: object): Buffer => Buffer.from(cbor.serialize(value));
const origin = { stream: 's', shardId: 'shard' };
const time = (ms: number) => tag({ tag: 1, value: ms });

describe('cborEncoding', () => {
  it('writes PutRecords as the service reads it', () => {
    const long = 'k'.repeat(256);
    const records = [
      { partitionKey: 'plain', data: Buffer.from('hello') },
      { partitionKey: 'ümlaut 😀', explicitHashKey: '123', data: new Uint8Array([0, 255, 128]).subarray(1) },
      { partitionKey: 'é'.repeat(130), data: new Uint8Array() },
      { partitionKey: long, data: Buffer.alloc(70_000, 7) },
    ];
    const body = cborEncoding.encodePutRecords({ stream: 'orders', records }, new BodyBuffers());
    expect(cbor.deserialize(body)).toEqual({
      StreamName: 'orders',
      Records: records.map(({ partitionKey, data, ...hashKey }) => ({
        ...{ Data: Buffer.from(data), PartitionKey: partitionKey },
        ...('explicitHashKey' in hashKey && { ExplicitHashKey: hashKey.explicitHashKey }),
      })),
    });
  });

  it('copies data from where they lie', () => {
    const bytes = Buffer.from('before|data|behind');
    const dataRange = { bytes, start: 7, end: 11 };
    const inPlace = { partitionKey: 'k', dataRange, data: Buffer.from('a view that nobody looks at') };
    const body = cborEncoding.encodePutRecords(
      { stream: 'orders', records: [inPlace, { ...inPlace, dataRange: undefined }] },
      new BodyBuffers(),
    );
    expect(cbor.deserialize(body)).toEqual({
      StreamName: 'orders',
      Records: [
        { Data: Buffer.from('data'), PartitionKey: 'k' },
        { Data: inPlace.data, PartitionKey: 'k' },
      ],
    });
  });

  it('names a stream given by its ARN as such', () => {
    const arn = 'arn:aws:kinesis:eu-central-1:000000000000:stream/orders';
    const put = cborEncoding.encodePutRecords({ stream: arn, records: [] }, new BodyBuffers());
    expect(cbor.deserialize(put)).toEqual({ StreamARN: arn, Records: [] });
    const get = cborEncoding.encodeGetRecords({ stream: arn, iterator: 'i'.repeat(300), limit: 10_000 });
    expect(cbor.deserialize(get)).toEqual({ ShardIterator: 'i'.repeat(300), Limit: 10_000, StreamARN: arn });
  });

  it('takes only a sequence number for a success', () => {
    const reply = {
      FailedRecordCount: 2,
      EncryptionType: 'KMS',
      Records: [
        { SequenceNumber: '1', ShardId: 'a', ErrorCode: null, ErrorMessage: null },
        { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' },
        {},
      ],
    };
    expect(cborEncoding.decodePutRecords(write(reply), 3)).toEqual({
      failedCount: 2,
      results: [
        { sequenceNumber: '1', shardId: 'a' },
        { errorCode: 'ProvisionedThroughputExceededException', errorMessage: 'slow down' },
        { errorCode: 'InternalFailure', errorMessage: '' },
      ],
    });
    expect(() => cborEncoding.decodePutRecords(write(reply), 2)).toThrow('expected 2 results');
    expect(() => cborEncoding.decodePutRecords(write({}), 1)).toThrow('got none');
  });

  it('reads the records of a page, and passes over what it does not know', () => {
    const reply = {
      Future: { nested: [1, -2, 1.5, true, null, 'x', new Uint8Array(3), { a: time(5) }] },
      Records: [
        {
          SequenceNumber: '41',
          ApproximateArrivalTimestamp: time(1_700_000_000_123),
          Data: Buffer.from('hi'),
          PartitionKey: 'für',
          More: {},
        },
        { SequenceNumber: '42', Data: Buffer.alloc(0), PartitionKey: null },
      ],
      NextShardIterator: 'next',
      MillisBehindLatest: 4_294_967_296,
    };
    const page = cborEncoding.decodeGetRecords(write(reply), origin);
    const originOf = (sequenceNumber: string, arrivalTimeMs: number) => ({
      ...origin,
      sequenceNumber,
      subSequenceNumber: 0,
      arrivalTimeMs,
    });
    expect([...page.recordsAfter().take()]).toEqual([
      { partitionKey: 'für', data: Buffer.from('hi'), metadata: {}, origin: originOf('41', 1_700_000_000_123) },
      { partitionKey: '', data: Buffer.alloc(0), metadata: {}, origin: originOf('42', 0) },
    ]);
    expect(page).toMatchObject({ rawCount: 2, byteSize: 2, nextIterator: 'next', millisBehindLatest: 4_294_967_296, childShards: [] });
  });

  it('reads the end of a shard', () => {
    const ChildShards = [{ ShardId: 'low', ParentShards: ['shard'], HashKeyRange: { StartingHashKey: '0' } }, { ShardId: 'high' }];
    const page = cborEncoding.decodeGetRecords(write({ Records: [], NextShardIterator: null, MillisBehindLatest: 0, ChildShards }), origin);
    expect(page).toMatchObject({
      nextIterator: null,
      childShards: [
        { shardId: 'low', parents: ['shard'] },
        { shardId: 'high', parents: ['shard'] },
      ],
    });
  });

  it('reads maps, arrays and text whose length is not told', () => {
    // {_ "Records": [_ {_ "Data": (_ h'61', h'62'), "SequenceNumber": (_ "4", "2")}], "NextShardIterator": "n"}
    const body = Buffer.from(
      'bf675265636f7264739fbf6444617461' +
        '5f41614162ff' +
        '6e53657175656e63654e756d626572' +
        '7f61346132ff' +
        'ffff' +
        `71${Buffer.from('NextShardIterator').toString('hex')}616eff`,
      'hex',
    );
    const page = cborEncoding.decodeGetRecords(body, origin);
    expect([...page.recordsAfter().take()]).toMatchObject([{ data: Buffer.from('ab'), origin: { sequenceNumber: '42' } }]);
    expect(page.nextIterator).toBe('n');
  });

  it('takes no page that is cut off anywhere, or has something behind it', () => {
    const whole = write({
      NextShardIterator: 'n',
      Records: [{ SequenceNumber: '1', Data: Buffer.from('x'), PartitionKey: 'k' }],
      Other: [1],
    });
    for (let length = 0; length < whole.length; length++)
      expect(() => cborEncoding.decodeGetRecords(whole.subarray(0, length), origin), `${length} bytes`).toThrow();
    expect(() => cborEncoding.decodeGetRecords(Buffer.concat([whole, Buffer.of(0)]), origin)).toThrow('nothing after it');
    expect(() => cborEncoding.decodeGetRecords(write({}), origin)).toThrow('expected records');
    expect(() => cborEncoding.decodeGetRecords(write({ Records: [{ Data: Buffer.from('x') }] }), origin)).toThrow('sequence number');
  });

  it('never hangs or reads past the body, whatever it is', () => {
    const { seed, next: random } = randomFor('cbor');
    const whole = write({
      Records: [{ SequenceNumber: '1', Data: Buffer.from('xyz'), PartitionKey: 'k' }],
      NextShardIterator: 'n',
      Other: { a: [1, 2] },
    });
    for (let round = 0; round < 2_000; round++) {
      const broken = Buffer.from(whole);
      for (let times = 1 + random() * 3; times > 0; times--) broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
      try {
        const page = cborEncoding.decodeGetRecords(broken, origin);
        expect(page.byteSize, `seed ${seed}`).toBeLessThanOrEqual(broken.length);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(Error);
      }
    }
    const deep = Buffer.alloc(100_000, 0x81);
    expect(() => new CborReader(deep, knownNames()).skip()).toThrow('levels');
  });

  it('reads what an error says of itself', () => {
    const body = write({ __type: 'com.amazonaws.kinesis#LimitExceededException', message: 'slow down', extra: 1 });
    expect(cborEncoding.decodeError(body)).toEqual({ type: 'com.amazonaws.kinesis#LimitExceededException', message: 'slow down' });
  });
});
