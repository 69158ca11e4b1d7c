import { RecordColumns, RecordRows, type SluiceRecord, toColumns } from '@sluice/core';
import { readRecord } from '../aggregation/aggregate-reader.ts';

/** The user records of a Kinesis record, in order; the record itself where it is no container. */
export function expandAggregate(record: SluiceRecord): readonly SluiceRecord[] {
  const columns = toColumns([record]);
  const userRecords = readRecord(columns, 0);
  const expanded = new RecordColumns(columns.bytes, columns, userRecords.count);
  while (userRecords.remaining > 0) userRecords.next(expanded);
  return [...RecordRows.between(expanded, 0, expanded.length)];
}
