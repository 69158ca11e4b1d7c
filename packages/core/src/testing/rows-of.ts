import type { SluiceRecord } from '../record.ts';
import { RecordRows } from '../record-rows.ts';
import { toColumns } from '../to-columns.ts';

/** Records of one shard as rows of columns. */
export const rowsOf = (records: readonly SluiceRecord[]): RecordRows => RecordRows.between(toColumns(records), 0, records.length);
