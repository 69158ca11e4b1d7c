import type { SluiceRecord } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { Aggregator } from '../aggregation/aggregate.ts';
import { createRecordPage, joinPages } from './record-page.ts';

describe('a record page', () => {
  it('hands out plain records in parts, all of them at once where they fit', () => {
    const page = pageOf([plain('1'), plain('2'), plain('3')]);
    expect(namesOf(page.recordsAfter().take())).toEqual(['1:0', '2:0', '3:0']);
    const cursor = page.recordsAfter();
    expect([namesOf(cursor.take(2)), cursor.isDone, namesOf(cursor.take(2)), cursor.isDone, cursor.take(2).length]).toEqual([
      ['1:0', '2:0'],
      false,
      ['3:0'],
      true,
      0,
    ]);
  });

  it('may be joined of several, aggregates among them', () => {
    const page = joinPages([pageOf([plain('1', 3), aggregate('2', 2)]), pageOf([]), pageOf([plain('3', 5)])]);
    const records = page.recordsAfter().take();
    expect(namesOf(records)).toEqual(['1:0', '2:0', '2:1', '3:0']);
    expect(Array.from(records, ({ data }) => data.length)).toEqual([
      3,
      ...Array.from(
        pageOf([aggregate('2', 2)])
          .recordsAfter()
          .take(),
        ({ data }) => data.length,
      ),
      5,
    ]);
    expect([page.rawCount, page.firstSequenceNumber, page.lastSequenceNumber]).toEqual([3, '1', '3']);
  });

  it('keeps to a limit of bytes, but hands out at least one record', () => {
    const cursor = pageOf([plain('1', 10), plain('2', 10), plain('3', 50), plain('4', 1)]).recordsAfter();
    const parts = Array.from({ length: 3 }, () => namesOf(cursor.take(100, 20)));
    expect(parts).toEqual([['1:0', '2:0'], ['3:0'], ['4:0']]);
  });

  it.each([
    ['nothing', undefined, ['1:0', '2:0', '2:1', '2:2', '3:0']],
    ['a plain record', at('1'), ['2:0', '2:1', '2:2', '3:0']],
    ['a place inside an aggregate', at('2', 1), ['2:2', '3:0']],
    ['the last of an aggregate', at('2', 2), ['3:0']],
    ['a place between records', at('22'), []],
    ['the last record', at('3'), []],
  ])('begins after %s', (_, position, expected) => {
    const page = pageOf([plain('1'), aggregate('2', 3), plain('3')]);
    const cursor = page.recordsAfter(position);
    expect(cursor.isDone).toBe(expected.length === 0);
    expect(namesOf(cursor.take())).toEqual(expected);
    expect(cursor.isDone).toBe(true);
  });

  it('unpacks no more of an aggregate than is taken, across containers', () => {
    const page = pageOf([aggregate('1', 3), aggregate('2', 2), plain('3')]);
    const cursor = page.recordsAfter(at('1', 0));
    const parts = Array.from({ length: 3 }, () => namesOf(cursor.take(2)));
    expect(parts).toEqual([['1:1', '1:2'], ['2:0', '2:1'], ['3:0']]);
    expect(page).toMatchObject({ rawCount: 3, hasAggregates: true, firstSequenceNumber: '1' });
  });

  it('takes a part of the largest container that is legal without holding all of it', () => {
    const packed = new Aggregator(1_048_576);
    while (packed.add({ partitionKey: 'k', data: new Uint8Array() }));
    const cursor = pageOf([{ ...plain('1'), data: packed.toBytes() }]).recordsAfter();
    let taken = 0;
    while (!cursor.isDone) taken += cursor.take(10_000).length;
    expect([packed.records.length > 150_000, taken]).toEqual([true, packed.records.length]);
  });
});

function at(sequenceNumber: string, subSequenceNumber = 0) {
  return { sequenceNumber, subSequenceNumber };
}

const plain = (sequenceNumber: string, byteSize = 1): SluiceRecord => ({
  ...{ partitionKey: 'k', data: new Uint8Array(byteSize), metadata: {} },
  origin: { stream: 's', shardId: 'shard', arrivalTimeMs: 0, ...at(sequenceNumber) },
});

function aggregate(sequenceNumber: string, count: number): SluiceRecord {
  const packed = new Aggregator(1_000_000);
  for (let index = 0; index < count; index++) packed.add({ partitionKey: 'k', data: Buffer.from([index]) });
  return { ...plain(sequenceNumber), data: packed.toBytes() };
}

const pageOf = (records: readonly SluiceRecord[]) =>
  createRecordPage({ records, nextIterator: 'next', childShards: [], millisBehindLatest: 0 });

const namesOf = (records: Iterable<SluiceRecord>): string[] =>
  Array.from(records, ({ origin }) => `${origin!.sequenceNumber}:${origin!.subSequenceNumber}`);
