import { expect, it } from 'vitest';
import type { SluiceRecord } from './record.ts';
import { newRow, RecordColumns } from './record-columns.ts';
import { RecordRows } from './record-rows.ts';
import { rowsOf } from './testing/rows-of.ts';
import { toColumns } from './to-columns.ts';

const origin = { stream: 's', shardId: 'shard-0' };
const records: readonly SluiceRecord[] = [
  { partitionKey: 'clé', data: Buffer.from('one'), metadata: {}, origin: at('41', 0, 1_700_000_000_123) },
  { partitionKey: '', explicitHashKey: '17', data: Buffer.alloc(0), metadata: { flaw: 'x' }, origin: at('42', 0xffff_ffff, 0) },
  { partitionKey: 'k', explicitHashKey: '', data: Buffer.from('😀'), metadata: {}, origin: at('9'.repeat(56), 1, 0.5) },
];

it('columns give back every record as it was, and grow beyond what was expected', () => {
  const rows = rowsOf(records);
  expect([...rows]).toEqual(records);
  const few = new RecordColumns(rows.columns.bytes, origin, 1);
  const row = newRow();
  for (let round = 0; round < 3; round++) {
    for (const index of rows.indexes) {
      rows.columns.read(index, row);
      few.add(row);
    }
  }
  expect([...RecordRows.between(few, 0, few.length)]).toEqual([...records, ...records, ...records]);
});

it('the data of a record are a part of the columns', () => {
  const columns = toColumns(records);
  expect(columns.recordAt(0).data.buffer).toBe(columns.bytes.buffer);
  expect([0, 1, 2].map((index) => columns.dataSize(index))).toEqual([3, 0, 4]);
  expect(columns.positionOf(1)).toEqual({ sequenceNumber: '42', subSequenceNumber: 0xffff_ffff });
});

it('rows are a part of the records, in their own order', () => {
  const rows = new RecordRows(toColumns(records), Uint32Array.of(2, 0));
  expect([rows.length, rows.at(0), rows.at(-1), rows.at(2), [...rows]]).toEqual([
    ...[2, records[2], records[0], undefined],
    [records[2], records[0]],
  ]);
  expect([...RecordRows.between(toColumns(records), 1, 2)]).toEqual([records[1]]);
});

function at(sequenceNumber: string, subSequenceNumber: number, arrivalTimeMs: number) {
  return { ...origin, sequenceNumber, subSequenceNumber, arrivalTimeMs };
}
