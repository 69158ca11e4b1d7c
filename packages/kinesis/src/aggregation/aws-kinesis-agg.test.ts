/** The library of AWS that Lambda functions and consumers without the KCL take containers apart with, and that producers pack them with. */
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { expandAggregate } from '../testing/expand-aggregate.ts';
import { Aggregator } from './aggregate.ts';

interface UserRecord {
  readonly partitionKey: string;
  readonly explicitPartitionKey?: string;
  readonly subSequenceNumber: number;
  readonly data: string;
}

interface Packer {
  addUserRecord(record: { readonly partitionKey: string; readonly explicitHashKey?: string; readonly data: Buffer }): void;
  build(): { readonly data: Buffer };
}

/** Its own types need those of other packages, and are not all of it. */
const { default: library } = (await import('aws-kinesis-agg')) as unknown as { readonly default: Library };

interface Library {
  deaggregateSync(record: object, checksDigest: boolean, done: (error: unknown, records: UserRecord[]) => void): void;
  RecordAggregator: new () => Packer;
}

describe('aws-kinesis-agg', () => {
  it.each([
    ['without hash keys', () => undefined],
    ['with hash keys', (number: number) => String(number % 7)],
  ])('takes apart what we pack, keys of many records %s', (_, hashKeyOf) => {
    const records = recordsOf(hashKeyOf);
    const aggregate = new Aggregator(10_000_000);
    for (const record of records) aggregate.add(record);
    expect(unpacked(aggregate.toBytes())).toEqual(
      records.map(({ partitionKey, explicitHashKey, data }, subSequenceNumber) => ({
        ...{ partitionKey, explicitHashKey, subSequenceNumber },
        data: data.toString('base64'),
      })),
    );
  });

  it('packs what we take apart', () => {
    const records = recordsOf(() => undefined);
    const packer = new library.RecordAggregator();
    for (const { partitionKey, data } of records) packer.addUserRecord({ partitionKey, data });
    const found = expandAggregate({ partitionKey: 'outer', data: packer.build().data, metadata: {} });
    expect(found.map(({ partitionKey, data }) => [partitionKey, Buffer.from(data)])).toEqual(
      records.map(({ partitionKey, data }) => [partitionKey, data]),
    );
  });
});

function recordsOf(hashKeyOf: (number: number) => string | undefined) {
  const { next: random } = randomFor('aws-kinesis-agg');
  return Array.from({ length: 300 }, (_, number) => ({
    partitionKey: `schlüssel-${Math.floor(random() * 200)}`,
    explicitHashKey: hashKeyOf(number),
    data: Buffer.alloc(1 + Math.floor(random() ** 4 * 2_000), number % 256),
  }));
}

function unpacked(container: Buffer): unknown[] {
  let found: unknown[] = [];
  const record = { data: container.toString('base64'), partitionKey: 'outer', sequenceNumber: '1' };
  library.deaggregateSync(record, true, (error, records) => {
    if (error) throw error;
    found = records.map(({ partitionKey, explicitPartitionKey, subSequenceNumber, data }) => ({
      ...{ partitionKey, explicitHashKey: explicitPartitionKey, subSequenceNumber },
      data,
    }));
  });
  return found;
}
