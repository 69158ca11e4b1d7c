/**
 * Packs user records as one Kinesis record. The container goes out under the keys of its first record, so the service routes it as it would
 * that record. Whoever packs sees to it that the others belong to the same shard: readers drop those that do not.
 */
import { dataByteLength, type OutgoingRecord } from '../record-check.ts';
import { AggregateField, DIGEST_BYTES, digestOf, MAGIC, RecordField } from './format.ts';

const LENGTH_DELIMITED = 2;
/** Each is one byte. */
const KEY_TAG = (AggregateField.partitionKey << 3) | LENGTH_DELIMITED;
const HASH_KEY_TAG = (AggregateField.explicitHashKey << 3) | LENGTH_DELIMITED;
const RECORD_TAG = (AggregateField.record << 3) | LENGTH_DELIMITED;
const KEY_INDEX_TAG = RecordField.partitionKeyIndex << 3;
const HASH_KEY_INDEX_TAG = RecordField.explicitHashKeyIndex << 3;
const DATA_TAG = (RecordField.data << 3) | LENGTH_DELIMITED;

/**
 * Collects user records up to a byte limit.
 *
 *     const aggregate = new Aggregator(maxRecordBytes);
 *     if (!aggregate.add(record)) { send(aggregate.toBytes()); … }
 */
export class Aggregator {
  readonly #limit: number;
  readonly #records: OutgoingRecord[] = [];
  /** The place of each in its table. */
  readonly #keys = new Map<string, number>();
  readonly #hashKeys = new Map<string, number>();
  #messageBytes = 0;

  /** @param maxRecordBytes the limit for data and key of one Kinesis record */
  constructor(maxRecordBytes: number) {
    this.#limit = maxRecordBytes;
  }

  get records(): readonly OutgoingRecord[] {
    return this.#records;
  }

  /** Exactly what {@link toBytes} will measure; the partition key outside the container comes on top. */
  get byteSize(): number {
    return MAGIC.length + this.#messageBytes + DIGEST_BYTES;
  }

  /** Bytes that the container would grow by; infinity where it would outgrow the limit. */
  growthBy(record: OutgoingRecord): number {
    const growth = this.#fieldsOf(record);
    const keyBytes = Buffer.byteLength((this.#records[0] ?? record).partitionKey);
    return keyBytes + this.byteSize + growth > this.#limit ? Number.POSITIVE_INFINITY : growth;
  }

  /** Takes a user record; `false`, and nothing taken, where the container would outgrow the limit. */
  add(record: OutgoingRecord): boolean {
    const growth = this.growthBy(record);
    if (growth === Number.POSITIVE_INFINITY) return false;
    this.#messageBytes += growth;
    this.#records.push(record);
    enter(this.#keys, record.partitionKey);
    if (record.explicitHashKey !== undefined) enter(this.#hashKeys, record.explicitHashKey);
    return true;
  }

  toBytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.byteSize);
    bytes.set(MAGIC, 0);
    const writer = new FieldWriter(bytes, MAGIC.length);
    for (const key of this.#keys.keys()) writer.text(KEY_TAG, key);
    for (const hashKey of this.#hashKeys.keys()) writer.text(HASH_KEY_TAG, hashKey);
    for (const record of this.#records) this.#write(record, writer);
    bytes.set(digestOf(bytes.subarray(MAGIC.length, writer.at)), writer.at);
    return bytes;
  }

  #write(record: OutgoingRecord, writer: FieldWriter): void {
    const { partitionKey, explicitHashKey } = record;
    writer.varint(RECORD_TAG);
    writer.varint(this.#entryBytes(record));
    writer.varint(KEY_INDEX_TAG);
    writer.varint(this.#keys.get(partitionKey)!);
    if (explicitHashKey !== undefined) {
      writer.varint(HASH_KEY_INDEX_TAG);
      writer.varint(this.#hashKeys.get(explicitHashKey)!);
    }
    writer.data(DATA_TAG, record);
  }

  /** Bytes of all fields that a record adds: its own, and those of keys that are not in the tables. */
  #fieldsOf(record: OutgoingRecord): number {
    const { partitionKey, explicitHashKey } = record;
    let bytes = fieldBytes(this.#entryBytes(record));
    if (!this.#keys.has(partitionKey)) bytes += fieldBytes(Buffer.byteLength(partitionKey));
    if (explicitHashKey !== undefined && !this.#hashKeys.has(explicitHashKey)) bytes += fieldBytes(explicitHashKey.length);
    return bytes;
  }

  #entryBytes(record: OutgoingRecord): number {
    const { partitionKey, explicitHashKey } = record;
    const keyBytes = 1 + varintBytes(this.#keys.get(partitionKey) ?? this.#keys.size);
    const hashKeyBytes = explicitHashKey === undefined ? 0 : 1 + varintBytes(this.#hashKeys.get(explicitHashKey) ?? this.#hashKeys.size);
    return keyBytes + hashKeyBytes + fieldBytes(dataByteLength(record));
  }
}

/** Writes fields into bytes that have room for them. */
class FieldWriter {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.at++] = rest;
  }

  text(tag: number, text: string): void {
    this.varint(tag);
    this.varint(Buffer.byteLength(text));
    this.at += this.#bytes.write(text, this.at);
  }

  data(tag: number, record: OutgoingRecord): void {
    const { dataRange } = record;
    const length = dataByteLength(record);
    this.varint(tag);
    this.varint(length);
    if (dataRange) dataRange.bytes.copy(this.#bytes, this.at, dataRange.start, dataRange.end);
    else this.#bytes.set(record.data, this.at);
    this.at += length;
  }
}

function enter(table: Map<string, number>, key: string): void {
  if (!table.has(key)) table.set(key, table.size);
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** Bytes of a length-delimited field with a one-byte tag. */
const fieldBytes = (contentBytes: number): number => 1 + varintBytes(contentBytes) + contentBytes;
