/**
 * Unpacks what the Kinesis Producer Library packed, one user record at a time: a container of 1 MiB may hold 170,000 of them, which
 * take a hundred times its memory as objects. The container is checked as a whole first, without keeping anything of its records.
 *
 * Nothing is ever lost here: what only looks like a container stays a plain record, a container that contradicts itself is passed on
 * whole and flagged, and a user record whose hash key lies outside the shard is delivered like the others (the KCL drops its whole
 * container).
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { SluiceRecord } from '@sluice/core';
import { AggregateField, DIGEST_BYTES, digestOf, MAGIC, RecordField } from './format.ts';

/** Metadata key of a record that is a malformed container; its value is what is wrong with it. */
export const MALFORMED_AGGREGATE = 'kinesis_malformed_aggregate';

/** Whether the data begins like a container. A quick test that most records end at; {@link readRecord} has the last word. */
export const isAggregate = (data: Uint8Array): boolean =>
  data[0] === 0xf3 && data[1] === 0x89 && data[2] === 0x9a && data[3] === 0xc2 && data.byteLength >= MAGIC.length + DIGEST_BYTES;

/** The user records of one Kinesis record, in order. */
export interface UserRecords {
  readonly count: number;
  /** Those not taken yet. */
  readonly remaining: number;
  /** The next one, numbered by sub-sequence. Not to be called where none remains. */
  next(): SluiceRecord;
  skip(count: number): void;
}

/** The user records of a Kinesis record; the record itself where it is no container. */
export function readRecord(record: SluiceRecord): UserRecords {
  const message = messageOf(record.data);
  if (!message) return new PlainRecord(record);
  const contents = checkContents(message);
  if (typeof contents === 'string')
    return new PlainRecord({ ...record, metadata: { ...record.metadata, [MALFORMED_AGGREGATE]: contents } });
  return new AggregateReader(record, message, contents);
}

class PlainRecord implements UserRecords {
  readonly count = 1;
  remaining = 1;
  readonly #record: SluiceRecord;

  constructor(record: SluiceRecord) {
    this.#record = record;
  }

  next(): SluiceRecord {
    this.remaining = 0;
    return this.#record;
  }

  skip(count: number): void {
    this.remaining = Math.max(0, this.remaining - count);
  }
}

/** What is known of a container once it was checked. */
interface Contents {
  readonly partitionKeys: readonly string[];
  readonly hashKeys: readonly string[];
  readonly count: number;
}

class AggregateReader implements UserRecords {
  readonly count: number;
  readonly #container: SluiceRecord;
  readonly #message: Uint8Array;
  readonly #contents: Contents;
  readonly #reader: BinaryReader;
  readonly #entry: Entry = { keyIndex: -1, hashKeyIndex: -1, dataStart: -1, dataEnd: -1 };
  #taken = 0;

  constructor(container: SluiceRecord, message: Uint8Array, contents: Contents) {
    this.#container = container;
    this.#message = message;
    this.#contents = contents;
    this.#reader = new BinaryReader(message);
    this.count = contents.count;
  }

  get remaining(): number {
    return this.count - this.#taken;
  }

  next(): SluiceRecord {
    readEntry(this.#reader, findEntry(this.#reader), this.#entry);
    const { keyIndex, hashKeyIndex, dataStart, dataEnd } = this.#entry;
    const { metadata, origin } = this.#container;
    const { partitionKeys, hashKeys } = this.#contents;
    const subSequenceNumber = this.#taken++;
    return {
      partitionKey: partitionKeys[keyIndex]!,
      ...(hashKeyIndex >= 0 && { explicitHashKey: hashKeys[hashKeyIndex]! }),
      data: this.#message.subarray(dataStart, dataEnd),
      metadata,
      ...(origin && { origin: { ...origin, subSequenceNumber } }),
    };
  }

  skip(count: number): void {
    for (let left = Math.min(count, this.remaining); left > 0; left--) {
      this.#reader.pos = findEntry(this.#reader);
      this.#taken++;
    }
  }
}

/** The protobuf inside a container; `undefined` where magic or digest says that the data is none. */
function messageOf(data: Uint8Array): Uint8Array | undefined {
  if (!isAggregate(data)) return undefined;
  const message = data.subarray(MAGIC.length, data.byteLength - DIGEST_BYTES);
  return digestOf(message).equals(data.subarray(data.byteLength - DIGEST_BYTES)) ? message : undefined;
}

/** What a container's message holds, or what is wrong with it. */
function checkContents(message: Uint8Array): Contents | string {
  try {
    const contents = readContents(message);
    return contents.count > 0 ? (findFlaw(message, contents) ?? contents) : 'no records';
  } catch (error) {
    return `not an AggregatedRecord: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The tables of keys, which may stand anywhere in the message, and how many records there are. */
function readContents(message: Uint8Array): Contents {
  const partitionKeys: string[] = [];
  const hashKeys: string[] = [];
  let count = 0;
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === AggregateField.partitionKey) partitionKeys.push(reader.string());
    else if (field === AggregateField.explicitHashKey) hashKeys.push(reader.string());
    else {
      if (field === AggregateField.record) count++;
      reader.skip(wireType as WireType, field);
    }
  }
  return { partitionKeys, hashKeys, count };
}

function findFlaw(message: Uint8Array, { partitionKeys, hashKeys, count }: Contents): string | undefined {
  const reader = new BinaryReader(message);
  const entry: Entry = { keyIndex: -1, hashKeyIndex: -1, dataStart: -1, dataEnd: -1 };
  for (let index = 0; index < count; index++) {
    readEntry(reader, findEntry(reader), entry);
    const { keyIndex, hashKeyIndex, dataStart } = entry;
    if (keyIndex < 0 || keyIndex >= partitionKeys.length) {
      return `record ${index} names partition key ${keyIndex} of ${partitionKeys.length}`;
    }
    if (dataStart < 0) return `record ${index} has no data`;
    if (hashKeyIndex >= hashKeys.length) return `record ${index} names explicit hash key ${hashKeyIndex} of ${hashKeys.length}`;
  }
  return undefined;
}

/** Goes to the contents of the next record and answers where they end. */
function findEntry(reader: BinaryReader): number {
  for (;;) {
    const [field, wireType] = reader.tag();
    if (field !== AggregateField.record) {
      reader.skip(wireType as WireType, field);
      continue;
    }
    if (wireType !== WireType.LengthDelimited) throw new Error(`illegal wire type ${wireType} of a record`);
    const byteLength = reader.uint32();
    return within(reader, reader.pos + byteLength, reader.len);
  }
}

/** One record's fields; -1 for what is not there. Filled anew for each record. */
interface Entry {
  keyIndex: number;
  hashKeyIndex: number;
  dataStart: number;
  dataEnd: number;
}

function readEntry(reader: BinaryReader, entryEnd: number, entry: Entry): void {
  entry.keyIndex = -1;
  entry.hashKeyIndex = -1;
  entry.dataStart = -1;
  while (reader.pos < entryEnd) {
    const [field, wireType] = reader.tag();
    if (field === RecordField.partitionKeyIndex) entry.keyIndex = readIndex(reader);
    else if (field === RecordField.explicitHashKeyIndex) entry.hashKeyIndex = readIndex(reader);
    else if (field === RecordField.data) {
      const byteLength = reader.uint32();
      entry.dataStart = reader.pos;
      entry.dataEnd = within(reader, reader.pos + byteLength, entryEnd);
      reader.pos = entry.dataEnd;
    } else reader.skip(wireType as WireType, field);
  }
  within(reader, reader.pos, entryEnd);
}

/** An index is an uint64; one of more than 28 bits names no key that a container could hold. */
function readIndex(reader: BinaryReader): number {
  const start = reader.pos;
  const index = reader.uint32();
  return reader.pos - start > 4 ? Number.MAX_SAFE_INTEGER : index;
}

function within(reader: BinaryReader, position: number, end: number): number {
  if (position > end || position > reader.len) throw new RangeError('premature EOF');
  return position;
}
