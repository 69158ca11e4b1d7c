import { LARGEST_MAX_RECORD_KIB, MAX_KEY_CHARACTERS, MAX_PUT_BYTES, MAX_RECORDS_PER_PUT } from '../limits.ts';
import { type HashKey, hashPartitionKey, parseHashKey } from '../store/hash-range.ts';
import { asObject, type JsonObject } from './input.ts';
import { constraintViolated, invalidArgument, serialization } from './service-error.ts';

export interface PutEntry {
  readonly partitionKey: string;
  readonly hashKey: HashKey;
  /** Where the record's data lies in the payload. */
  readonly start: number;
  readonly end: number;
  /** Data and UTF-8 key: what counts towards quotas and limits. */
  readonly bytes: number;
}

export interface PutEntries {
  /** The data of all entries, one after the other. */
  readonly payload: Buffer;
  readonly entries: readonly PutEntry[];
}

/** Bytes that well-formed base64 stands for; `undefined` where its length cannot be right. */
function decodedLength(base64: string): number | undefined {
  if (base64.length % 4 !== 0) return undefined;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** `path` names the record in error messages: empty for PutRecord, `records.N.member.` for PutRecords. */
function sizeOfData(record: JsonObject, path: string): number {
  const { Data: data } = record;
  if (data === undefined || data === null) throw constraintViolated(`${path}data`, 'Member must not be null');
  if (typeof data !== 'string') throw serialization('Data: expected a base64 string.');
  const size = decodedLength(data);
  if (size === undefined) throw serialization('Data: malformed base64.');
  const largest = LARGEST_MAX_RECORD_KIB * 1024;
  if (size > largest) throw constraintViolated(`${path}data`, `Member must have length less than or equal to ${largest}`);
  return size;
}

function partitionKeyOf(record: JsonObject, path: string): string {
  const { PartitionKey: key } = record;
  if (key === undefined || key === null) throw constraintViolated(`${path}partitionKey`, 'Member must not be null');
  if (typeof key !== 'string') throw serialization('PartitionKey: expected a string.');
  if (key === '') throw constraintViolated(`${path}partitionKey`, 'Member must have length greater than or equal to 1');
  if (key.length > MAX_KEY_CHARACTERS && [...key].length > MAX_KEY_CHARACTERS) {
    throw constraintViolated(`${path}partitionKey`, `Member must have length less than or equal to ${MAX_KEY_CHARACTERS}`);
  }
  return key;
}

function hashKeyOf(record: JsonObject, partitionKey: string): HashKey {
  const { ExplicitHashKey: explicit } = record;
  if (explicit === undefined || explicit === null) return hashPartitionKey(partitionKey);
  if (typeof explicit !== 'string') throw serialization('ExplicitHashKey: expected a string.');
  const key = parseHashKey(explicit);
  if (key === undefined) {
    throw invalidArgument(`Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicit}`);
  }
  return key;
}

/**
 * Validates and decodes what PutRecords or PutRecord carries. It throws before anything is stored: one malformed record
 * fails the whole request, as in the service.
 */
export function readPutEntries(records: readonly unknown[], maxRecordKiB: number, isBatch: boolean): PutEntries {
  const sizes = records.map((record, index) => sizeOfData(asObject(record), isBatch ? `records.${index + 1}.member.` : ''));
  const payload = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
  let end = 0;
  let total = 0;
  const entries = records.map((value, index): PutEntry => {
    const record = value as JsonObject;
    const start = end;
    end += sizes[index]!;
    const partitionKey = partitionKeyOf(record, isBatch ? `records.${index + 1}.member.` : '');
    const bytes = end - start + Buffer.byteLength(partitionKey);
    if (bytes > maxRecordKiB * 1024) {
      throw invalidArgument(
        `Record ${index + 1} is ${bytes} bytes with its partition key, more than the ${maxRecordKiB} KiB that the stream allows.`,
      );
    }
    total += bytes;
    // Node skips characters that are not base64; too few bytes give them away.
    if (payload.write(record['Data'] as string, start, 'base64') !== end - start) throw serialization('Data: malformed base64.');
    return { partitionKey, hashKey: hashKeyOf(record, partitionKey), start, end, bytes };
  });
  if (total > MAX_PUT_BYTES) throw invalidArgument(`Records size exceeds 10 MB limit`);
  return { payload, entries };
}

/** The list of a PutRecords request, of a length that the service accepts. */
export function recordListOf(input: JsonObject): readonly unknown[] {
  const { Records: records } = input;
  if (records === undefined || records === null) throw constraintViolated('records', 'Member must not be null');
  if (!Array.isArray(records)) throw serialization('Records: expected a list.');
  if (records.length === 0) throw constraintViolated('records', 'Member must have length greater than or equal to 1');
  if (records.length > MAX_RECORDS_PER_PUT) {
    throw constraintViolated('records', `Member must have length less than or equal to ${MAX_RECORDS_PER_PUT}`);
  }
  return records;
}
