import { isAggregate } from '@sluice/kinesis';
import { expandAggregate } from '@sluice/kinesis/testing';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { TestOutlet } from '../testing/scheduled-items.ts';
import { holdOf, writerOf } from '../testing/writer-rig.ts';
import { type AggregationRules, type Container, PackingDraft } from './packing-draft.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { DraftLimits } from './request-draft.ts';

const RULES: AggregationRules = { by: 'key', maxRecords: 1_000, maxBytes: 51_200 };

describe('PackingDraft', () => {
  it('packs records of a key into one that is sent under that key, in their order', () => {
    const { draft } = filled(RULES, keyed('a1', 'b1', 'a2', 'a3'));

    expect(draft.entries.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'b']);
    expect(draft.entries.map(userRecords)).toEqual([['a1', 'a2', 'a3'], ['b1']]);
    expect([0, 1, 2, 3].map((index) => draft.entryOf(index))).toEqual([0, 1, 0, 0]);
    expect(isAggregate(draft.entries[1]!.data)).toBe(false);
  });

  it('packs records that go to the same shard into one that is routed like its first, each with its own keys', () => {
    const records = keyed('a1', 'b1', 'c1', 'a2');
    records[1]!.explicitHashKey = '7';
    const { draft } = filled({ ...RULES, by: 'shard' }, records, {
      shardOf: ({ partitionKey }) => (partitionKey === 'c' ? 'right' : 'left'),
    });

    expect(draft.entries.map(({ shardId, partitionKey, explicitHashKey }) => [shardId, partitionKey, explicitHashKey])).toEqual([
      ['left', 'a', undefined],
      ['right', 'c', undefined],
    ]);
    expect(draft.entries.map(userRecords)).toEqual([['a1', 'b1', 'a2'], ['c1']]);
    expect(expanded(draft.entries[0]!).map(({ partitionKey, explicitHashKey }) => [partitionKey, explicitHashKey])).toEqual([
      ['a', undefined],
      ['b', '7'],
      ['a', undefined],
    ]);
  });

  it('keeps keys apart that may go to different shards, where shards are not known', () => {
    const records = keyed('a1', 'a2', 'a3', 'b1');
    records[1]!.explicitHashKey = '7';
    expect(filled({ ...RULES, by: 'shard' }, records).draft.entries.map(userRecords)).toEqual([['a1', 'a3'], ['a2'], ['b1']]);
  });

  it('begins another container when one is full, by count or by bytes, and never goes back to the one before', () => {
    expect(filled({ ...RULES, maxRecords: 2 }, keyed('a1', 'a2', 'a3')).draft.entries.map(userRecords)).toEqual([['a1', 'a2'], ['a3']]);
    const large = keyed(`a${'x'.repeat(40_000)}`, `a${'y'.repeat(40_000)}`, 'a3');
    expect(filled(RULES, large).draft.entries.map((entry) => userRecords(entry).length)).toEqual([1, 2]);
  });

  it('joins neighbours only where records of different keys keep an order and shards are not known', () => {
    const rules = { ...RULES, keepsLines: true };
    expect(filled(rules, keyed('a1', 'a2', 'b1', 'a3')).draft.entries.map(userRecords)).toEqual([['a1', 'a2'], ['b1'], ['a3']]);
    const shards = { shardOf: ({ partitionKey }: { readonly partitionKey: string }) => partitionKey };
    const byShard = filled({ ...rules, by: 'shard' }, keyed('a1', 'a2', 'b1', 'a3'), shards);
    expect(byShard.draft.entries.map(userRecords)).toEqual([['a1', 'a2', 'a3'], ['b1']]);
  });

  it('lets a record that fits no container leave plain', () => {
    const { draft } = filled({ ...RULES, maxBytes: 1_000 }, keyed('a1', `a${'x'.repeat(2_000)}`, 'a3', 'a4'));
    expect(draft.entries.map((entry) => [isAggregate(entry.data), userRecords(entry).length])).toEqual([
      [false, 1],
      [false, 1],
      [true, 2],
    ]);
  });

  it('counts what it sends: the entries of a request and their bytes', () => {
    const records = keyed('a1', 'a2', 'b1', 'b2', 'c1');
    const { draft, outcomes } = filled(RULES, records, undefined, { maxRecords: 2 });
    expect(outcomes).toEqual(['added', 'added', 'added', 'added', 'full']);
    const bytesOf = ({ data, partitionKey }: Container) => data.byteLength + Buffer.byteLength(partitionKey);
    expect(draft.byteSize).toBe(draft.entries.reduce((sum, entry) => sum + bytesOf(entry), 0));
    expect(draft.entries.map(({ byteSize }) => byteSize)).toEqual(draft.entries.map(bytesOf));

    const { byteSize } = filled(RULES, records.slice(0, 3)).draft;
    expect(filled(RULES, records, undefined, { maxBytes: byteSize }).draft.items).toHaveLength(3);
    expect(filled(RULES, records, undefined, { maxItems: 2 }).draft.items).toHaveLength(2);
  });

  it('takes budget for a record once for all that share it', () => {
    const outlet = new TestOutlet();
    outlet.records = 2;
    const { outcomes } = filled(RULES, keyed('a1', 'a2', 'b1', 'b2', 'c1', 'a3'), undefined, {}, { outlet });
    expect(outcomes).toEqual(['added', 'added', 'added', 'added', 'short', 'added']);
    outlet.bytes = 3;
    expect(filled(RULES, keyed('a1', 'a2'), undefined, {}, { outlet }).outcomes).toEqual(['short', 'short']);
  });

  it('lets a record join only the entry of the one before it, where it has to', () => {
    const rules = { ...RULES, maxRecords: 2 };
    const { outcomes } = filled(rules, keyed('a1', 'a2', 'a3'), undefined, {}, { joins: true });
    expect(outcomes).toEqual(['full', 'full', 'full']);
    const { draft } = filled(rules, keyed('a1', 'b1'));
    const [a2, b2, b3] = keyed('a2', 'b2', 'b3') as [RecordInHand, RecordInHand, RecordInHand];
    const join = (record: RecordInHand) => draft.add(record, { outlet: undefined, nowMs: 0, joins: true });
    expect([join(a2), join(b2), join(b3)]).toEqual(['full', 'added', 'full']);
  });
});

describe('a writer that aggregates', () => {
  it('tells each record when its container is written', async () => {
    const { writer, sink, hold, events } = writerOf({ aggregation: RULES });
    writer.accept(hold.records('a1', 'a2', 'b1'));

    expect(sink.open[0]!.input.records).toHaveLength(2);
    await sink.open[0]!.answer();
    await settled();

    expect([hold.written.toSorted(), writer.isIdle]).toEqual([['a1', 'a2', 'b1'], true]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.answered', written: 3, failed: 0 }));
  });

  it('fails the records of a container alone, and packs them anew with what came meanwhile', async () => {
    const { writer, sink, hold, clock, events } = writerOf({ aggregation: RULES });
    writer.accept(hold.records('a1', 'a2', 'b1'));
    writer.accept(hold.records('a3'));
    await sink.open[0]!.answer({ [sink.texts[0]![0]!]: 'InternalFailure' });
    expect(hold.written).toEqual(['b1']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.answered', written: 1, failed: 2 }));

    clock.advance(1_000);
    expect(sink.open[0]!.input.records.map(userRecords)).toEqual([['a1', 'a2', 'a3']]);
    await sink.open[0]!.answer();
    expect(hold.written).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  it('sends as many records of a key as share a container in strict order, and no more', async () => {
    const { writer, sink, hold } = writerOf({ aggregation: { ...RULES, maxRecords: 3 }, ordering: 'strict' });
    writer.accept(hold.records('a1', 'a2', 'a3', 'a4', 'b1'));
    expect(sink.open[0]!.input.records.map(userRecords)).toEqual([['a1', 'a2', 'a3'], ['b1']]);
    await sink.open[0]!.answer();
    expect(sink.open[0]!.input.records.map(userRecords)).toEqual([['a4']]);
  });

  it('packs records of different lanes together', () => {
    const { writer, sink, hold } = writerOf({ aggregation: RULES, batching: { count: 4, byteSize: 0, periodMs: 0 } });
    writer.accept([...hold.records('a1', 'a2'), ...holdOf().records('a3', 'a4')]);
    expect(sink.open[0]!.input.records.map(userRecords)).toEqual([['a1', 'a2', 'a3', 'a4']]);
  });
});

/** Adds all records; those that find no room are left out. */
function filled(
  rules: ConstructorParameters<typeof PackingDraft>[0],
  records: readonly RecordInHand[],
  shards?: ConstructorParameters<typeof PackingDraft>[2],
  limits: Partial<DraftLimits> = {},
  { outlet, joins = false }: { readonly outlet?: TestOutlet; readonly joins?: boolean } = {},
) {
  const draft = new PackingDraft(rules, { maxRecords: 500, maxBytes: 10_000_000, maxItems: 100_000, ...limits }, shards);
  const outcomes = records.map((record) => draft.add(record, { outlet, nowMs: 0, joins }));
  return { draft, outcomes };
}

/** Records whose key is the first letter of their text. */
function keyed(...texts: string[]): RecordInHand[] {
  const records = holdOf().records(...texts);
  for (const record of records) {
    record.partitionKey = Buffer.from(record.data).toString().slice(0, 1);
    record.byteSize = record.data.byteLength + 1;
  }
  return records;
}

type Sent = Pick<Container, 'partitionKey' | 'data'>;

const expanded = ({ partitionKey, data }: Sent) => expandAggregate({ partitionKey, data, metadata: {} });

const userRecords = (sent: Sent): string[] => expanded(sent).map((record) => Buffer.from(record.data).toString());
