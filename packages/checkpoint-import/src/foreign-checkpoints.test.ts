import { describe, expect, it } from 'vitest';
import { readBenthosRows } from './benthos-rows.ts';
import { readListing } from './flink-listing.ts';
import { readKclLeases } from './kcl-leases.ts';
import type { TableRow } from './scan-table.ts';

const rowOf = (fields: Readonly<Record<string, string | number>>): TableRow =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]),
  );
const AFTER = (sequenceNumber: string, subSequenceNumber: number) => ({ kind: 'AFTER', position: { sequenceNumber, subSequenceNumber } });

describe('the lease table of a KCL application', () => {
  it('says where it is in each shard', () => {
    const lease = (checkpoint: string, subSequenceNumber = 0) =>
      rowOf({ leaseKey: 'shardId-1', leaseCounter: 4, leaseOwner: 'w', checkpoint, checkpointSubSequenceNumber: subSequenceNumber });
    const positions = [lease('4959', 3), lease('TRIM_HORIZON'), lease('LATEST'), lease('AT_TIMESTAMP'), lease('SHARD_END')];
    expect(readKclLeases(positions).map(({ position }) => position)).toEqual([
      AFTER('4959', 3),
      ...['TRIM_HORIZON', 'LATEST', 'CONFIGURED_TIME', 'SHARD_END'].map((kind) => ({ kind })),
    ]);
    expect(readKclLeases([lease('4959')])).toMatchObject([{ stream: undefined, shardId: 'shardId-1', owner: 'w' }]);
  });

  it('may be of several streams', () => {
    const streamName = '000000000000:orders:1700000000';
    const lease = rowOf({ leaseKey: `${streamName}:shardId-1`, streamName, shardId: 'shardId-1', checkpoint: '4959' });
    expect(readKclLeases([lease])).toMatchObject([{ stream: 'orders', streamCreatedAtSeconds: 1_700_000_000, shardId: 'shardId-1' }]);
  });

  it('may hold more than leases, and is refused where it holds none, or a checkpoint that is none', () => {
    expect(readKclLeases([rowOf({ leaseKey: 'Migration3.0', cv: 'x' })])).toEqual([]);
    expect(() => readKclLeases([rowOf({ StreamID: 'orders' })])).toThrow('expected the lease table of a KCL application');
    expect(() => readKclLeases([rowOf({ leaseKey: 'shardId-1', checkpoint: 'SOON' })])).toThrow('of lease shardId-1, found SOON');
    expect(() => readKclLeases([rowOf({ leaseKey: 'x', checkpoint: '1', streamName: 'a:b' })])).toThrow('expected ACCOUNT:STREAM:CREATED');
  });
});

describe('the table of a Benthos input', () => {
  const UNREAD = { kind: 'TRIM_HORIZON' } as const;

  it('says where it is in each shard', () => {
    const rows = [
      rowOf({ StreamID: 'orders', ShardID: 'shardId-1', ClientID: 'c', LeaseTimeout: '2026-01-31T12:00:00Z', SequenceNumber: '4959' }),
      rowOf({ StreamID: 'orders', ShardID: 'shardId-2', ClientID: 'c' }),
    ];
    expect(readBenthosRows(rows, UNREAD)).toEqual([
      { stream: 'orders', shardId: 'shardId-1', position: AFTER('4959', 999_999_999), owner: 'c' },
      { stream: 'orders', shardId: 'shardId-2', position: UNREAD, owner: 'c' },
    ]);
  });

  it('is refused where it is another one', () => {
    expect(() => readBenthosRows([rowOf({ leaseKey: 'shardId-1' })], UNREAD)).toThrow('expected the checkpoint table of a Benthos input');
    const row = rowOf({ StreamID: 'orders', ShardID: 'shardId-1', SequenceNumber: 'x' });
    expect(() => readBenthosRows([row], UNREAD)).toThrow('as SequenceNumber of orders shardId-1, found x');
  });
});

describe('a listing', () => {
  const ORDERS = { stream: 'orders', shardId: 'shardId-1' };

  it.each([
    [
      'CSV',
      'stream,shard,sequence_number,sub_sequence_number\norders,shardId-1,4959,3\n\norders,shardId-1,4960,-1\norders,shardId-1,4961\n',
    ],
    [
      'JSON, an object a line',
      '{"stream":"orders","shard":"shardId-1","sequence_number":"4959","sub_sequence_number":3}\n{"stream":"orders","shard":"shardId-1","sequence_number":"4960","sub_sequence_number":"-1"}\n{"stream":"orders","shard":"shardId-1","sequence_number":"4961"}',
    ],
    [
      'JSON, an array',
      '[{"stream":"orders","shard":"shardId-1","sequence_number":"4959","sub_sequence_number":3},{"stream":"orders","shard":"shardId-1","sequence_number":"4960","sub_sequence_number":-1},{"stream":"orders","shard":"shardId-1","sequence_number":"4961"}]',
    ],
  ])('may be %s', (_, text) => {
    expect(readListing(text)).toEqual([
      { ...ORDERS, position: AFTER('4959', 3) },
      { ...ORDERS, position: AFTER('4960', 999_999_999) },
      { ...ORDERS, position: AFTER('4961', 999_999_999) },
    ]);
  });

  it("has Flink's words for what was not begun, and for what is done", () => {
    const words = ['EARLIEST_SEQUENCE_NUM', 'LATEST_SEQUENCE_NUM', 'AT_TIMESTAMP_SEQUENCE_NUM', 'SHARD_ENDING_SEQUENCE_NUM'];
    const text = ['stream,shard,sequence_number', ...words.map((word) => `orders,shardId-1,${word}`)].join('\n');
    const kinds = ['TRIM_HORIZON', 'LATEST', 'CONFIGURED_TIME', 'SHARD_END'];
    expect(readListing(text).map(({ position }) => position.kind)).toEqual(kinds);
  });

  it.each([
    ['', 'as the first line of the listing, found nothing'],
    ['a,b\n1,2', 'expected stream,shard,sequence_number as the first line of the listing, found a,b'],
    ['stream,shard,sequence_number\norders,,1', 'expected a text as shard in line 2 of the listing, found ""'],
    ['stream,shard,sequence_number\norders,s,x', 'in line 2 of the listing, found x'],
    ['stream,shard,sequence_number,sub_sequence_number\norders,s,1,x', 'expected a number as sub_sequence_number in line 2'],
    ['stream,shard,sequence_number,age\norders,s,1,2', 'found age in line 1 of the listing'],
    ['stream,shard,sequence_number\norders,s,1,2', 'expected 3 values in line 2 of the listing, found 4'],
    ['{"stream":"orders","shard":"s","sequence_number":"1","age":2}', 'found age in line 1 of the listing'],
    ['{"stream":"orders"', 'expected JSON, found line 1 to be none'],
    ['[1]', 'expected an object, found entry 1 to be none'],
    [
      '[{"stream":"orders","shard":"s","sequence_number":4959}]',
      'expected a text as sequence_number in entry 1 of the listing, found 4959',
    ],
  ])('is refused: %s', (text, message) => {
    expect(() => readListing(text)).toThrow(message);
  });
});
