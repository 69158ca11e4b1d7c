import type { SluiceRecord } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { holdOf } from '../testing/writer-rig.ts';
import { RecordInHand } from './record-in-hand.ts';

const ARRIVAL = { ack: { settle: () => undefined }, acceptedMs: 5, traces: ['trace'] };
const RECORD: SluiceRecord = {
  partitionKey: 'key',
  explicitHashKey: '17',
  data: Buffer.from('data'),
  metadata: {},
  stream: 'destination',
  origin: { stream: 'source', shardId: 'shard-0', sequenceNumber: '42', subSequenceNumber: 3, arrivalTimeMs: 7 },
};

describe('a record in hand', () => {
  it('knows where it came from, whatever the record itself has as metadata', () => {
    const origin = { kinesis_stream: 'source', kinesis_shard: 'shard-0', kinesis_partition_key: 'key', kinesis_sequence_number: '42' };
    expect(inHand(RECORD).metadata).toEqual(origin);
    expect(inHand({ ...RECORD, metadata: { kinesis_stream: 'other', a: 1 } }).metadata).toEqual({
      ...origin,
      kinesis_stream: 'other',
      a: 1,
    });
  });

  it.each<[string, RecordInHand]>([
    ['of a source', inHand(RECORD)],
    ['of a source, with metadata of its own', inHand({ ...RECORD, metadata: { kinesis_partition_key: 'other', a: 1 } })],
    ['of a frame', inHand({ ...RECORD, arrivalTimeMs: 7 })],
    ['of a client', inHand({ partitionKey: 'key', data: RECORD.data, metadata: { a: 1 } })],
    ['made by a processor', RecordInHand.inPlaceOf([inHand(RECORD)], { content: RECORD.data, metadata: { a: 1 } }, holdOf(), ARRIVAL.ack)],
  ])('gives one value of its metadata as it gives all of them: %s', (_, record) => {
    const keys = [
      'kinesis_stream',
      'kinesis_shard',
      'kinesis_partition_key',
      'kinesis_sequence_number',
      'a',
      'b',
      'toString',
      '__proto__',
      '',
    ];
    for (const key of keys)
      expect(record.metadataOf(key), key).toBe(Object.hasOwn(record.metadata, key) ? record.metadata[key] : undefined);
  });

  it('gives what is made of it its keys, its stream and its origin, but not its data and its metadata', () => {
    const content = Buffer.from('processed');
    const made = RecordInHand.inPlaceOf([inHand(RECORD)], { content, metadata: { b: 2 } }, holdOf(), ARRIVAL.ack);
    const { partitionKey, explicitHashKey, stream, origin } = made.record;
    expect([partitionKey, explicitHashKey, stream, origin?.arrivalTimeMs]).toEqual(['key', '17', 'destination', 7]);
    expect([made.data, made.dataRange, made.metadata]).toEqual([content, undefined, { b: 2 }]);
    expect([made.acceptedMs, made.traces]).toEqual([5, ['trace']]);
  });
});

/** Nothing of the record is its own, as with those of a frame. */
const inHand = (record: SluiceRecord) => new RecordInHand(Object.create(record) as SluiceRecord, holdOf(), ARRIVAL, 0);
