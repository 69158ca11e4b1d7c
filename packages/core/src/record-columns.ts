/**
 * Records of one shard in columns: where the parts of each lie in one buffer, as numbers. A page of thousands is then a few objects
 * instead of several a record, and what moves records on copies ranges of bytes; a record becomes an object when someone asks for it.
 */
import type { Metadata, ShardPosition, SluiceRecord } from './record.ts';

/** Where the parts of a record lie, from `Start` up to, not including, `End`, and its numbers. Filled anew for each record. */
export interface RecordRow {
  keyStart: number;
  keyEnd: number;
  /** {@link ABSENT} where the record has no explicit hash key. */
  hashKeyStart: number;
  hashKeyEnd: number;
  sequenceStart: number;
  sequenceEnd: number;
  subSequenceNumber: number;
  dataStart: number;
  dataEnd: number;
  arrivalTimeMs: number;
  /** Mostly empty. */
  metadata: Metadata;
}

export const ABSENT = 0xffff_ffff;
export const NO_METADATA: Metadata = Object.freeze({});

/** What a row takes in memory beside the bytes of its record. */
export const ROW_BYTES = 44;

export const newRow = (): RecordRow => ({
  ...{ keyStart: 0, keyEnd: 0, hashKeyStart: ABSENT, hashKeyEnd: ABSENT, sequenceStart: 0, sequenceEnd: 0 },
  ...{ subSequenceNumber: 0, dataStart: 0, dataEnd: 0, arrivalTimeMs: 0, metadata: NO_METADATA },
});

const WORDS = 9;

export class RecordColumns {
  readonly stream: string;
  readonly shardId: string;
  #bytes: Buffer | undefined;
  #length = 0;
  #words: Uint32Array;
  #arrivals: Float64Array;
  /** Of the few records that have some. */
  readonly #metadata = new Map<number, Metadata>();

  /** @param expected records; there may be more */
  constructor(bytes: Buffer, { stream, shardId }: { readonly stream: string; readonly shardId: string }, expected: number) {
    this.#bytes = bytes;
    this.stream = stream;
    this.shardId = shardId;
    this.#words = new Uint32Array(Math.max(1, expected) * WORDS);
    this.#arrivals = new Float64Array(Math.max(1, expected));
  }

  /** What the rows point into. Whoever changes it changes the records. */
  get bytes(): Buffer {
    if (this.#bytes === undefined) throw new Error('expected records in use, found some whose memory was given back');
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes are to be used for something else: whoever asks for them from now on gets an error, and not what they are then. */
  forget(): void {
    this.#bytes = undefined;
  }

  add(row: RecordRow): void {
    if (this.#length === this.#arrivals.length) this.#grow();
    const words = this.#words;
    const at = this.#length * WORDS;
    words[at] = row.keyStart;
    words[at + 1] = row.keyEnd;
    words[at + 2] = row.hashKeyStart;
    words[at + 3] = row.hashKeyEnd;
    words[at + 4] = row.sequenceStart;
    words[at + 5] = row.sequenceEnd;
    words[at + 6] = row.subSequenceNumber;
    words[at + 7] = row.dataStart;
    words[at + 8] = row.dataEnd;
    this.#arrivals[this.#length] = row.arrivalTimeMs;
    if (row.metadata !== NO_METADATA) this.#metadata.set(this.#length, row.metadata);
    this.#length++;
  }

  /** Fills `row` with what is at that index. */
  read(index: number, row: RecordRow): void {
    const words = this.#words;
    const at = index * WORDS;
    row.keyStart = words[at]!;
    row.keyEnd = words[at + 1]!;
    row.hashKeyStart = words[at + 2]!;
    row.hashKeyEnd = words[at + 3]!;
    row.sequenceStart = words[at + 4]!;
    row.sequenceEnd = words[at + 5]!;
    row.subSequenceNumber = words[at + 6]!;
    row.dataStart = words[at + 7]!;
    row.dataEnd = words[at + 8]!;
    row.arrivalTimeMs = this.#arrivals[index]!;
    row.metadata = this.#metadata.get(index) ?? NO_METADATA;
  }

  /** Bytes of the data of the record at that index. */
  dataSize(index: number): number {
    return this.#words[index * WORDS + 8]! - this.#words[index * WORDS + 7]!;
  }

  positionOf(index: number): ShardPosition {
    const at = index * WORDS;
    return { sequenceNumber: this.#text(this.#words[at + 4]!, this.#words[at + 5]!), subSequenceNumber: this.#words[at + 6]! };
  }

  /** The record at that index as an object. Its data are a part of {@link bytes}. */
  recordAt(index: number): SluiceRecord {
    const row = newRow();
    this.read(index, row);
    return {
      partitionKey: this.#text(row.keyStart, row.keyEnd),
      ...(row.hashKeyStart !== ABSENT && { explicitHashKey: this.#text(row.hashKeyStart, row.hashKeyEnd) }),
      data: this.bytes.subarray(row.dataStart, row.dataEnd),
      metadata: row.metadata,
      origin: { stream: this.stream, shardId: this.shardId, ...this.positionOf(index), arrivalTimeMs: row.arrivalTimeMs },
    };
  }

  #text(start: number, end: number): string {
    return this.bytes.toString('utf8', start, end);
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    const arrivals = new Float64Array(this.#arrivals.length * 2);
    arrivals.set(this.#arrivals);
    this.#arrivals = arrivals;
  }
}
