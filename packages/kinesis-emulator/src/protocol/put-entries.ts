import { LARGEST_MAX_RECORD_KIB, MAX_KEY_CHARACTERS, MAX_PUT_BYTES, MAX_RECORDS_PER_PUT } from '../limits.ts';
import { constraintViolated, invalidArgument, serialization } from '../service-error.ts';
import { type HashKey, hashPartitionKey, parseHashKey } from '../store/hash-range.ts';
import { ByteString } from './byte-string.ts';
import { asObject, type JsonObject } from './input.ts';

export interface PutEntry {
  readonly partitionKey: string;
  readonly hashKey: HashKey;
  /** The record's data is `source[start, end)`. */
  readonly source: Buffer;
  readonly start: number;
  readonly end: number;
  /** Data and UTF-8 key: what counts towards quotas and limits. */
  readonly bytes: number;
}

/** Bytes that well-formed base64 stands for; `undefined` where its length cannot be right. */
function decodedLength(base64: unknown): number | undefined {
  if (typeof base64 !== 'string') throw serialization('Data: expected bytes.');
  if (base64.length % 4 !== 0) return undefined;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** `path` names the record in error messages: empty for PutRecord, `records.N.member.` for PutRecords. */
function sizeOfData(record: JsonObject, path: string): number {
  const { Data: data } = record;
  if (data === undefined || data === null) throw constraintViolated(`${path}data`, 'Member must not be null');
  const size = data instanceof ByteString ? data.length : decodedLength(data);
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
export function readPutEntries(records: readonly unknown[], maxRecordKiB: number, isBatch: boolean): PutEntry[] {
  const sizes = records.map((record, index) => sizeOfData(asObject(record), pathOf(index, isBatch)));
  const decode = base64Decoder(records, sizes);
  let total = 0;
  const entries = records.map((value, index): PutEntry => {
    const record = value as JsonObject;
    const partitionKey = partitionKeyOf(record, pathOf(index, isBatch));
    const bytes = sizes[index]! + Buffer.byteLength(partitionKey);
    if (bytes > maxRecordKiB * 1024) {
      throw invalidArgument(
        `Record ${index + 1} is ${bytes} bytes with its partition key, more than the ${maxRecordKiB} KiB that the stream allows.`,
      );
    }
    total += bytes;
    const { Data: data } = record;
    const { source, start, end } = data instanceof ByteString ? data : decode(data as string, sizes[index]!);
    return { partitionKey, hashKey: hashKeyOf(record, partitionKey), source, start, end, bytes };
  });
  if (total > MAX_PUT_BYTES) throw invalidArgument(`Records size exceeds 10 MB limit`);
  return entries;
}

const pathOf = (index: number, isBatch: boolean): string => (isBatch ? `records.${index + 1}.member.` : '');

/** Decodes the base64 of all records into one buffer, one after the other. */
function base64Decoder(records: readonly unknown[], sizes: readonly number[]): (base64: string, size: number) => ByteString {
  const total = sizes.reduce((sum, size, index) => ((records[index] as JsonObject)['Data'] instanceof ByteString ? sum : sum + size), 0);
  const payload = Buffer.allocUnsafe(total);
  let end = 0;
  return (base64, size) => {
    const start = end;
    end += size;
    // Node skips characters that are not base64; too few bytes give them away.
    if (payload.write(base64, start, 'base64') !== size) throw serialization('Data: malformed base64.');
    return new ByteString(payload, start, end);
  };
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
