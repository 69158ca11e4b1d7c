import { isAggregate } from '@sluice/kinesis';
import { expandAggregate } from '@sluice/kinesis/testing';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { holdOf, writerOf } from '../testing/writer-rig.ts';
import { RecordAggregation } from './record-aggregation.ts';
import type { RecordInHand } from './record-in-hand.ts';

const RULES = { maxRecords: 1_000, maxBytes: 51_200 };

describe('RecordAggregation', () => {
  it('packs records of a key into one that is sent under that key, in their order', () => {
    const packed = new RecordAggregation(RULES, { bytes: 1_048_576 }).run(keyed('a1', 'b1', 'a2', 'a3'));

    expect(packed.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'b']);
    expect(packed.map(userRecords)).toEqual([['a1', 'a2', 'a3'], ['b1']]);
    expect(isAggregate(packed[1]!.data)).toBe(false);
  });

  it('begins another container when one is full, by count or by bytes', () => {
    expect(new RecordAggregation({ ...RULES, maxRecords: 2 }, { bytes: 1_048_576 }).run(keyed('a1', 'a2', 'a3')).map(userRecords)).toEqual([
      ['a1', 'a2'],
      ['a3'],
    ]);
    const large = keyed(`a${'x'.repeat(40_000)}`, `a${'y'.repeat(40_000)}`, 'a3');
    expect(new RecordAggregation(RULES, { bytes: 1_048_576 }).run(large).map((record) => userRecords(record).length)).toEqual([1, 2]);
  });

  it('lets a record that fits no container leave plain, and keeps its place', () => {
    const packed = new RecordAggregation({ ...RULES, maxBytes: 1_000 }, { bytes: 1_048_576 }).run(
      keyed('a1', `a${'x'.repeat(2_000)}`, 'a3', 'a4'),
    );
    expect(packed.map((record) => [isAggregate(record.data), userRecords(record).length])).toEqual([
      [false, 1],
      [false, 1],
      [true, 2],
    ]);
  });

  it('never joins records of different lanes', () => {
    const [here, there] = [keyed('a1', 'a2'), keyed('a3', 'a4')];
    expect(new RecordAggregation(RULES, { bytes: 1_048_576 }).run([...here, ...there]).map(userRecords)).toEqual([
      ['a1', 'a2'],
      ['a3', 'a4'],
    ]);
  });
});

describe('a writer that aggregates', () => {
  it('tells each record when its container is written', async () => {
    const { writer, sink, hold, events } = writerOf({ aggregation: RULES });
    writer.accept(hold.records('a1', 'a2', 'b1'));

    expect(sink.open).toHaveLength(1);
    await sink.open[0]!.answer();
    await settled();

    expect([hold.written.toSorted(), writer.isIdle]).toEqual([['a1', 'a2', 'b1'], true]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.answered', written: 3, failed: 0 }));
  });

  it('keeps newer records of a key behind a container that failed, in strict order too', async () => {
    const { writer, sink, hold, clock } = writerOf({ aggregation: RULES, ordering: 'strict' });
    writer.accept(hold.records('a1', 'a2'));
    writer.accept(hold.records('a3'));
    await sink.open[0]!.answer({ [sink.texts[0]![0]!]: 'InternalFailure' });
    expect(hold.written).toEqual([]);

    clock.advance(1_000);
    await sink.open[0]!.answer();
    await settled();
    await sink.open[0]?.answer();
    expect(hold.written).toEqual(['a1', 'a2', 'a3']);
  });
});

/** Records whose key is the first letter of their text. */
function keyed(...texts: string[]): RecordInHand[] {
  const records = holdOf().records(...texts);
  for (const record of records) record.partitionKey = Buffer.from(record.data).toString().slice(0, 1);
  return records;
}

const userRecords = ({ partitionKey, data }: RecordInHand): string[] =>
  expandAggregate({ partitionKey, data, metadata: {} }).map((record) => Buffer.from(record.data).toString());
