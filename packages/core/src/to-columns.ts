import type { SluiceRecord } from './record.ts';
import { ABSENT, newRow, RecordColumns } from './record-columns.ts';

const NO_ORIGIN = { stream: '', shardId: '', sequenceNumber: '', subSequenceNumber: 0, arrivalTimeMs: 0 };

/** Records of one shard in columns, with a copy of their bytes. */
export function toColumns(records: readonly SluiceRecord[]): RecordColumns {
  const bytes = Buffer.allocUnsafeSlow(records.reduce((sum, record) => sum + byteSizeOf(record), 0));
  const columns = new RecordColumns(bytes, records[0]?.origin ?? NO_ORIGIN, records.length);
  let at = 0;
  const text = (value: string): number => (at += bytes.write(value, at));
  const row = newRow();
  for (const { partitionKey, explicitHashKey, data, metadata, origin = NO_ORIGIN } of records) {
    row.keyStart = at;
    row.keyEnd = text(partitionKey);
    row.hashKeyStart = explicitHashKey === undefined ? ABSENT : at;
    row.hashKeyEnd = explicitHashKey === undefined ? ABSENT : text(explicitHashKey);
    row.sequenceStart = at;
    row.sequenceEnd = text(origin.sequenceNumber);
    row.subSequenceNumber = origin.subSequenceNumber;
    row.dataStart = at;
    bytes.set(data, at);
    at += data.byteLength;
    row.dataEnd = at;
    row.arrivalTimeMs = origin.arrivalTimeMs;
    row.metadata = metadata;
    columns.add(row);
  }
  return columns;
}

const byteSizeOf = ({ partitionKey, explicitHashKey = '', data, origin = NO_ORIGIN }: SluiceRecord): number =>
  Buffer.byteLength(partitionKey) + Buffer.byteLength(explicitHashKey) + Buffer.byteLength(origin.sequenceNumber) + data.byteLength;
