import type { ByteRange, SluiceError } from '@sluice/core';
import { InvalidHashKeyError, InvalidPartitionKeyError, RecordTooLargeError } from './errors.ts';
import { isHashKey } from './hash-key.ts';
import { MAX_PARTITION_KEY_LENGTH } from './limits.ts';

/** A record as PutRecords takes it. */
export interface OutgoingRecord {
  readonly partitionKey: string;
  /** Decimal hash key that overrides the hash of the partition key. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
  /** Where `data` lies, if it is part of something larger: it is copied from there. */
  readonly dataRange?: ByteRange | undefined;
}

/** Makes no view of data whose place is known. */
export function dataByteLength(record: Pick<OutgoingRecord, 'data' | 'dataRange'>): number {
  const range = record.dataRange;
  return range ? range.end - range.start : record.data.byteLength;
}

/** Bytes by which the service counts a record: its data and its partition key in UTF-8. */
export const recordByteSize = (record: OutgoingRecord): number => dataByteLength(record) + Buffer.byteLength(record.partitionKey);

/** Why the service would refuse a record, whatever is sent with it; `undefined` where it would take it. */
export function checkRecord(record: OutgoingRecord, maxRecordBytes: number): SluiceError | undefined {
  const { partitionKey, explicitHashKey } = record;
  if (!isPartitionKey(partitionKey)) return new InvalidPartitionKeyError(partitionKey);
  if (explicitHashKey !== undefined && !isHashKey(explicitHashKey)) return new InvalidHashKeyError(explicitHashKey.length);
  const byteSize = recordByteSize(record);
  return byteSize > maxRecordBytes ? new RecordTooLargeError(byteSize, maxRecordBytes) : undefined;
}

/** Whether the text is 1 to 256 Unicode characters. Half a surrogate pair is none: it would silently become another key on the wire. */
function isPartitionKey(text: string): boolean {
  if (text.length === 0 || !text.isWellFormed()) return false;
  return (
    text.length <= MAX_PARTITION_KEY_LENGTH || (text.length <= 2 * MAX_PARTITION_KEY_LENGTH && [...text].length <= MAX_PARTITION_KEY_LENGTH)
  );
}
