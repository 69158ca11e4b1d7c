/**
 * Unpacks what the Kinesis Producer Library packed, one user record at a time: a container of 1 MiB may hold 170,000 of them, which
 * take a hundred times its memory as objects. The container is checked as a whole first, without keeping anything of its records.
 *
 * Nothing is ever lost here: what only looks like a container stays a plain record, a container that contradicts itself is passed on
 * whole and flagged, and a user record whose hash key lies outside the shard is delivered like the others (the KCL drops its whole
 * container).
 */
import { ABSENT, newRow, type RecordColumns, type RecordRow } from '@sluice/core';
import { AggregateField, DIGEST_BYTES, digestOf, MAGIC, RecordField } from './format.ts';
import { fieldOf, WireReader } from './wire-reader.ts';

/** Metadata key of a record that is a malformed container; its value is what is wrong with it. */
export const MALFORMED_AGGREGATE = 'kinesis_malformed_aggregate';

/**
 * Whether the data begins like a container. A quick test that most records end at; {@link readRecord} has the last word.
 * @param start of the data in `bytes`
 */
export const isAggregate = (bytes: Uint8Array, start = 0, end = bytes.byteLength): boolean =>
  bytes[start] === 0xf3 &&
  bytes[start + 1] === 0x89 &&
  bytes[start + 2] === 0x9a &&
  bytes[start + 3] === 0xc2 &&
  end - start >= MAGIC.length + DIGEST_BYTES;

/** The user records of one Kinesis record, in order. */
export interface UserRecords {
  readonly count: number;
  /** Those not taken yet. */
  readonly remaining: number;
  /** Adds the next one, numbered by sub-sequence, to columns over the same bytes. Not to be called where none remains. */
  next(into: RecordColumns): void;
  skip(count: number): void;
}

/** The user records of a Kinesis record; the record itself where it is no container. */
export function readRecord(columns: RecordColumns, index: number): UserRecords {
  const row = newRow();
  columns.read(index, row);
  const message = messageOf(columns.bytes.subarray(row.dataStart, row.dataEnd));
  if (!message) return new PlainRecord(row);
  const contents = checkContents(message);
  if (typeof contents !== 'string') return new AggregateReader(row, message, contents);
  row.metadata = { ...row.metadata, [MALFORMED_AGGREGATE]: contents };
  return new PlainRecord(row);
}

class PlainRecord implements UserRecords {
  readonly count = 1;
  remaining = 1;
  readonly #row: RecordRow;

  constructor(row: RecordRow) {
    this.#row = row;
  }

  next(into: RecordColumns): void {
    this.remaining = 0;
    into.add(this.#row);
  }

  skip(count: number): void {
    this.remaining = Math.max(0, this.remaining - count);
  }
}

/** What is known of a container once it was checked. Keys are ranges of its message: where one begins, and where it ends. */
interface Contents {
  readonly partitionKeys: readonly number[];
  readonly hashKeys: readonly number[];
  readonly count: number;
}

class AggregateReader implements UserRecords {
  readonly count: number;
  readonly #contents: Contents;
  readonly #reader: WireReader;
  readonly #entry = newEntry();
  /** The container's at first, then that of each of its records. */
  readonly #row: RecordRow;
  /** Where the message begins in the bytes of the page. */
  readonly #base: number;
  #taken = 0;

  constructor(container: RecordRow, message: Uint8Array, contents: Contents) {
    this.#row = container;
    this.#base = container.dataStart + MAGIC.length;
    this.#contents = contents;
    this.#reader = new WireReader(message);
    this.count = contents.count;
  }

  get remaining(): number {
    return this.count - this.#taken;
  }

  next(into: RecordColumns): void {
    readEntry(this.#reader, findEntry(this.#reader), this.#entry);
    const { keyIndex, hashKeyIndex, dataStart, dataEnd } = this.#entry;
    const { partitionKeys, hashKeys } = this.#contents;
    const [row, base] = [this.#row, this.#base];
    row.keyStart = base + partitionKeys[2 * keyIndex]!;
    row.keyEnd = base + partitionKeys[2 * keyIndex + 1]!;
    row.hashKeyStart = hashKeyIndex < 0 ? ABSENT : base + hashKeys[2 * hashKeyIndex]!;
    row.hashKeyEnd = hashKeyIndex < 0 ? ABSENT : base + hashKeys[2 * hashKeyIndex + 1]!;
    row.dataStart = base + dataStart;
    row.dataEnd = base + dataEnd;
    row.subSequenceNumber = this.#taken++;
    into.add(row);
  }

  skip(count: number): void {
    for (let left = Math.min(count, this.remaining); left > 0; left--) {
      this.#reader.at = findEntry(this.#reader);
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
    if (contents.count === 0) return 'no records';
    return contents.isSound ? contents : findFlaw(message, contents);
  } catch (error) {
    return `not an AggregatedRecord: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The tables of keys, which may stand anywhere in the message, how many records there are, and whether each has data and names its keys. */
function readContents(message: Uint8Array): Contents & { readonly isSound: boolean } {
  const partitionKeys: number[] = [];
  const hashKeys: number[] = [];
  const entry = newEntry();
  let count = 0;
  let isComplete = true;
  let lastKey = -1;
  let lastHashKey = -1;
  for (const reader = new WireReader(message); !reader.isDone; ) {
    const tag = reader.tag();
    const field = fieldOf(tag);
    if (field === AggregateField.partitionKey) enterRange(reader, tag, partitionKeys);
    else if (field === AggregateField.explicitHashKey) enterRange(reader, tag, hashKeys);
    else if (field === AggregateField.record) {
      readEntry(reader, reader.end(tag), entry);
      count++;
      if (entry.keyIndex > lastKey) lastKey = entry.keyIndex;
      if (entry.hashKeyIndex > lastHashKey) lastHashKey = entry.hashKeyIndex;
      isComplete &&= entry.keyIndex >= 0 && entry.dataStart >= 0;
    } else reader.skip(tag);
  }
  const isSound = isComplete && lastKey < partitionKeys.length / 2 && lastHashKey < hashKeys.length / 2;
  return { partitionKeys, hashKeys, count, isSound };
}

function enterRange(reader: WireReader, tag: number, ranges: number[]): void {
  const end = reader.end(tag);
  ranges.push(reader.at, end);
  reader.at = end;
}

/** The first thing that is wrong with the records of a message that is not sound. */
function findFlaw(message: Uint8Array, { partitionKeys, hashKeys, count }: Contents): string {
  const [keyCount, hashKeyCount] = [partitionKeys.length / 2, hashKeys.length / 2];
  const reader = new WireReader(message);
  const entry = newEntry();
  for (let index = 0; index < count; index++) {
    readEntry(reader, findEntry(reader), entry);
    const { keyIndex, hashKeyIndex, dataStart } = entry;
    if (keyIndex < 0 || keyIndex >= keyCount) {
      return `record ${index} names partition key ${keyIndex} of ${keyCount}`;
    }
    if (dataStart < 0) return `record ${index} has no data`;
    if (hashKeyIndex >= hashKeyCount) return `record ${index} names explicit hash key ${hashKeyIndex} of ${hashKeyCount}`;
  }
  throw new Error('expected a flaw, found none');
}

/** Goes to the contents of the next record and answers where they end. */
function findEntry(reader: WireReader): number {
  for (;;) {
    const tag = reader.tag();
    if (fieldOf(tag) === AggregateField.record) return reader.end(tag);
    reader.skip(tag);
  }
}

/** One record's fields; -1 for what is not there. Filled anew for each record. */
interface Entry {
  keyIndex: number;
  hashKeyIndex: number;
  dataStart: number;
  dataEnd: number;
}

const newEntry = (): Entry => ({ keyIndex: -1, hashKeyIndex: -1, dataStart: -1, dataEnd: -1 });

function readEntry(reader: WireReader, entryEnd: number, entry: Entry): void {
  entry.keyIndex = -1;
  entry.hashKeyIndex = -1;
  entry.dataStart = -1;
  while (reader.at < entryEnd) {
    const tag = reader.tag();
    const field = fieldOf(tag);
    if (field === RecordField.partitionKeyIndex) entry.keyIndex = reader.varint();
    else if (field === RecordField.explicitHashKeyIndex) entry.hashKeyIndex = reader.varint();
    else if (field === RecordField.data) {
      entry.dataEnd = reader.end(tag);
      entry.dataStart = reader.at;
      reader.at = entry.dataEnd;
    } else reader.skip(tag);
  }
  if (reader.at > entryEnd) throw new RangeError('premature EOF');
}
