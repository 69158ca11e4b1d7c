import type { Metadata, RecordOrigin, SluiceRecord } from '@sluice/core';
import { parseJson } from '@sluice/values';
import { BatchFrameError } from './errors.ts';
import { FLAG, HEADER_BYTES, KNOWN_FLAGS, MAGIC_0, MAGIC_1, VERSION } from './layout.ts';

/**
 * The records of a frame. Their data are views of `bytes`, nothing is copied: keeping one record keeps the whole frame in memory.
 * @throws {BatchFrameError} the bytes are no frame, are of another version, or end too soon or too late; says where
 */
export function decodeFrame(bytes: Uint8Array): SluiceRecord[] {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new FrameReader(frame);
  if (frame.length < HEADER_BYTES || frame[0] !== MAGIC_0 || frame[1] !== MAGIC_1) {
    throw new BatchFrameError(`expected a batch frame, got ${frame.length} bytes that do not begin as one`);
  }
  if (frame[2] !== VERSION || frame[3] !== 0) {
    throw new BatchFrameError(`expected a batch frame of version ${VERSION}, got version ${frame[2]}.${frame[3]}; upgrade this worker`);
  }
  reader.at = 4;
  const count = reader.u32('record count');
  const dictionary = Array.from({ length: reader.u16('dictionary size') }, () => reader.text('dictionary entry'));
  const records: SluiceRecord[] = [];
  for (let index = 0; index < count; index++) records.push(reader.record(dictionary));
  if (reader.at !== frame.length)
    throw reader.malformed(`the end of the frame after ${count} records, got ${frame.length - reader.at} more bytes`);
  return records;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class FrameReader {
  at = 0;
  /** What is being read must end here: the frame's end, or the record's. */
  #end: number;
  readonly #frame: Buffer;

  constructor(frame: Buffer) {
    this.#frame = frame;
    this.#end = frame.length;
  }

  record(dictionary: readonly string[]): SluiceRecord {
    const size = this.u32('record length');
    const end = this.at + size;
    if (end > this.#frame.length) throw this.malformed(`a record of ${size} bytes, got ${this.#frame.length - this.at}`);
    this.#end = end;
    const flags = this.#u8('record flags');
    if (flags & ~KNOWN_FLAGS) throw this.malformed(`record flags of this version, got ${flags}`);
    const record: Writable<SluiceRecord> = { partitionKey: this.text('partition key'), data: this.#frame, metadata: NO_METADATA };
    if (flags & FLAG.hashKey) record.explicitHashKey = this.text('explicit hash key');
    if (flags & FLAG.stream) record.stream = this.#word(dictionary, 'destination stream');
    if (flags & FLAG.origin) record.origin = this.#origin(dictionary);
    if (flags & FLAG.metadata) record.metadata = this.#metadata();
    record.data = this.#frame.subarray(this.at, end);
    this.at = end;
    this.#end = this.#frame.length;
    return record;
  }

  u32(what: string): number {
    return this.#frame.readUInt32LE(this.#advance(4, what));
  }

  u16(what: string): number {
    return this.#frame.readUInt16LE(this.#advance(2, what));
  }

  text(what: string): string {
    const size = this.u32(what);
    const start = this.#advance(size, what);
    return this.#frame.toString('utf8', start, start + size);
  }

  malformed(expected: string): BatchFrameError {
    return new BatchFrameError(`malformed batch frame: expected ${expected} (at byte ${this.at})`, { details: { at: this.at } });
  }

  #u8(what: string): number {
    return this.#frame[this.#advance(1, what)]!;
  }

  #origin(dictionary: readonly string[]): RecordOrigin {
    const stream = this.#word(dictionary, 'origin stream');
    const shardId = this.#word(dictionary, 'origin shard');
    const sequenceNumber = this.text('sequence number');
    const subSequenceNumber = this.u32('sub-sequence number');
    const arrivalTimeMs = this.#frame.readDoubleLE(this.#advance(8, 'arrival time'));
    return { stream, shardId, sequenceNumber, subSequenceNumber, arrivalTimeMs };
  }

  #word(dictionary: readonly string[], what: string): string {
    const index = this.u16(what);
    const word = dictionary[index];
    if (word === undefined) throw this.malformed(`${what} among ${dictionary.length} dictionary entries, got number ${index}`);
    return word;
  }

  #metadata(): Metadata {
    const text = this.text('metadata');
    try {
      const value: unknown = parseJson(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Metadata;
    } catch {
      // Said below, with the place: the text itself may hold what must not reach a log.
    }
    throw this.malformed('metadata as a JSON object');
  }

  #advance(size: number, what: string): number {
    const start = this.at;
    if (start + size > this.#end) throw this.malformed(`${size} bytes of ${what}, got ${this.#end - start}`);
    this.at = start + size;
    return start;
  }
}

const NO_METADATA: Metadata = Object.freeze({});
