import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { SluiceRecord } from '@sluice/core';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { expandAggregate } from '../testing/expand-aggregate.ts';
import { Aggregator } from './aggregate.ts';
import { isAggregate, MALFORMED_AGGREGATE } from './aggregate-reader.ts';
import { digestOf, MAGIC } from './format.ts';

describe('Aggregator', () => {
  it('packs what expandAggregate unpacks, in order and numbered, with the keys of each', () => {
    const { seed, next: random } = randomFor('aggregation');
    for (let round = 0; round < 50; round++) {
      const records = Array.from({ length: 1 + Math.floor(random() * 400) }, () => userRecord(random));
      const aggregate = new Aggregator(100_000_000);
      for (const record of records) {
        const grown = aggregate.byteSize + aggregate.growthBy(record);
        expect([aggregate.add(record), aggregate.byteSize], `seed ${seed}`).toEqual([true, grown]);
      }

      const packed = aggregate.toBytes();
      expect(packed.byteLength, `seed ${seed}`).toBe(aggregate.byteSize);
      expect(expandAggregate(recordOf(packed)), `seed ${seed}`).toEqual(
        records.map(({ partitionKey, explicitHashKey, data }, subSequenceNumber) => ({
          ...{ partitionKey, data, metadata: {} },
          ...(explicitHashKey !== undefined && { explicitHashKey }),
          origin: { ...origin, subSequenceNumber },
        })),
      );
    }
  });

  it('takes nothing that would outgrow the limit, with the key of its first record', () => {
    const limit = 1024;
    const aggregate = new Aggregator(limit);
    while (aggregate.add({ partitionKey: 'ü', data: Buffer.alloc(100) }));
    const spare = limit - 2 - aggregate.byteSize;

    expect(aggregate.records).toHaveLength(9);
    expect(aggregate.growthBy({ partitionKey: 'ü', data: Buffer.alloc(spare) })).toBe(Number.POSITIVE_INFINITY);
    expect(aggregate.add({ partitionKey: 'ü', data: Buffer.alloc(spare - 6) })).toBe(true);
    expect(aggregate.toBytes().byteLength + 2).toBe(limit);
  });

  it('copies data from where they lie', () => {
    const bytes = Buffer.from('--data--');
    const aggregate = new Aggregator(1024);
    aggregate.add({
      partitionKey: 'k',
      dataRange: { bytes, start: 2, end: 6 },
      get data(): Uint8Array {
        throw new Error('expected no view of the data to be made');
      },
    });
    expect(Buffer.from(expandAggregate(recordOf(aggregate.toBytes()))[0]!.data).toString()).toBe('data');
  });
});

describe('readRecord', () => {
  it('reads a container that the Kinesis Producer Library would write', () => {
    const message = Buffer.concat([
      Buffer.from([0x0a, 1, 0x61, 0x0a, 1, 0x62, 0x12, 1, 0x37]),
      Buffer.from([0x1a, 5, 0x08, 0, 0x1a, 1, 0x31]),
      // With a tag, which nobody reads.
      Buffer.from([0x1a, 14, 0x08, 1, 0x10, 0, 0x1a, 1, 0x32, 0x22, 5, 0x0a, 1, 0x78, 0x12, 0]),
    ]);

    expect(expandAggregate(recordOf(contain(message)))).toEqual([
      { partitionKey: 'a', data: Buffer.from([0x31]), metadata: {}, origin: { ...origin, subSequenceNumber: 0 } },
      { partitionKey: 'b', explicitHashKey: '7', data: Buffer.from([0x32]), metadata: {}, origin: { ...origin, subSequenceNumber: 1 } },
    ]);
  });

  it.each([
    ['plain data', Buffer.from('hello')],
    ['the magic alone', MAGIC],
    ['a container with another digest', Buffer.concat([MAGIC, Buffer.from('message'), Buffer.alloc(16)])],
  ])('leaves %s as it is', (_, data) => {
    const record = recordOf(data);
    expect(expandAggregate(record)).toEqual([record]);
  });

  it.each([
    [
      'record 1 names partition key 3 of 1',
      [
        { key: 0, data: 'a' },
        { key: 3, data: 'b' },
      ],
    ],
    [
      'record 1 names explicit hash key 2 of 0',
      [
        { key: 0, data: 'a' },
        { key: 0, hashKey: 2, data: 'b' },
      ],
    ],
    ['record 1 has no data', [{ key: 0, data: 'a' }, { key: 0 }]],
    ['no records', []],
  ])('hands a whole container on, flagged, when %s', (reason, entries) => {
    const record = recordOf(contain(messageOf(entries)));
    expect(expandAggregate(record)).toEqual([{ ...record, metadata: { [MALFORMED_AGGREGATE]: reason } }]);
  });

  it('hands a container whose message is no protobuf on, flagged', () => {
    const record = recordOf(contain(Buffer.from([0x1a, 200, 1, 1])));
    const [expanded, ...more] = expandAggregate(record);
    expect(more).toEqual([]);
    expect(expanded?.data).toEqual(record.data);
    expect(expanded?.metadata[MALFORMED_AGGREGATE]).toMatch(/^not an AggregatedRecord: /);
  });

  it('reads a container whose keys follow its records, and fields that it does not know', () => {
    const message = Buffer.concat([
      Buffer.from([0x1a, 5, 0x08, 0, 0x1a, 1, 0x31]),
      Buffer.from([0x22, 1, 9]),
      Buffer.from([0x0a, 1, 0x61]),
    ]);
    expect(expandAggregate(recordOf(contain(message)))).toMatchObject([{ partitionKey: 'a', data: Buffer.from([0x31]) }]);
  });

  it('flags a container in which a record runs beyond its own end', () => {
    const message = Buffer.concat([Buffer.from([0x0a, 1, 0x61]), Buffer.from([0x1a, 5, 0x08, 0, 0x1a, 2, 0x31]), Buffer.from([0x1a, 0])]);
    const [record] = expandAggregate(recordOf(contain(message)));
    expect(record?.metadata[MALFORMED_AGGREGATE]).toBe('not an AggregatedRecord: premature EOF');
  });

  it('tells most records from containers by their first bytes', () => {
    expect(isAggregate(contain(Buffer.alloc(0)))).toBe(true);
    expect(isAggregate(Buffer.from('{"json": true, "long": "enough to be one"}'))).toBe(false);
  });
});

/** Few keys and many, long and short, some with a hash key. */
const userRecord = (random: () => number) => ({
  partitionKey: `schlüssel-${Math.floor(random() ** 2 * 300)}`,
  explicitHashKey: random() < 0.3 ? String(Math.floor(random() * 200)) : undefined,
  data: Buffer.alloc(Math.floor(random() ** 8 * 40_000), Math.floor(random() * 256)),
});

const origin = { stream: 's', shardId: 'shardId-000000000000', sequenceNumber: '42', subSequenceNumber: 0, arrivalTimeMs: 1 };

const recordOf = (data: Uint8Array): SluiceRecord => ({ partitionKey: 'outer', data, metadata: {}, origin });

const contain = (message: Uint8Array): Buffer => Buffer.concat([MAGIC, message, digestOf(message)]);

/** An AggregatedRecord with the single partition key `k`. */
function messageOf(entries: ReadonlyArray<{ key: number; hashKey?: number; data?: string }>): Uint8Array {
  const writer = new BinaryWriter().uint32(0x0a).string('k');
  for (const { key, hashKey, data } of entries) {
    writer.uint32(0x1a).fork().uint32(0x08).uint32(key);
    if (hashKey !== undefined) writer.uint32(0x10).uint32(hashKey);
    if (data !== undefined) writer.uint32(0x1a).bytes(Buffer.from(data));
    writer.join();
  }
  return writer.finish();
}
