import type { SluiceRecord } from '@sluice/core';
import { readRecord } from '../aggregation/aggregate-reader.ts';

/** The user records of a Kinesis record, in order; the record itself where it is no container. */
export function expandAggregate(record: SluiceRecord): readonly SluiceRecord[] {
  const userRecords = readRecord(record);
  return Array.from({ length: userRecords.count }, () => userRecords.next());
}
