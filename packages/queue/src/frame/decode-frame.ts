import { type Metadata, NO_METADATA, type SluiceRecord } from '@sluice/core';
import { parseJson } from '@sluice/values';
import { BatchFrameError } from './errors.ts';
import { FramedRecord, type FrameParts } from './framed-record.ts';
import { FLAG, HEADER_BYTES, KNOWN_FLAGS, MAGIC_0, MAGIC_1, VERSION } from './layout.ts';

/**
 * The records of a frame. Their data are views of `bytes`, nothing is copied: keeping one record keeps the whole frame in memory.
 * @throws {BatchFrameError} the bytes are no frame, are of another version, or end too soon or too late; says where
 */
export const decodeFrame = (bytes: Uint8Array): SluiceRecord[] => openFrame(bytes).map((record) => record.toPlain());

/**
 * The records of a frame as places in `bytes`, for those who look at little of each. They are no plain objects: a spread of one has nothing
 * of what the frame holds, and neither has its JSON.
 * @throws {BatchFrameError} as {@link decodeFrame} does: all of the frame is checked
 */
export function openFrame(bytes: Uint8Array): FramedRecord[] {
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
  const parts = { bytes: frame, dictionary };
  const records: FramedRecord[] = [];
  for (let index = 0; index < count; index++) records.push(reader.record(parts));
  if (reader.at !== frame.length)
    throw reader.malformed(`the end of the frame after ${count} records, got ${frame.length - reader.at} more bytes`);
  return records;
}

class FrameReader {
  at = 0;
  /** What is being read must end here: the frame's end, or the record's. */
  #end: number;
  readonly #frame: Buffer;

  constructor(frame: Buffer) {
    this.#frame = frame;
    this.#end = frame.length;
  }

  record(parts: FrameParts): FramedRecord {
    const size = this.u32('record length');
    const start = this.at;
    const end = start + size;
    if (end > this.#frame.length) throw this.malformed(`a record of ${size} bytes, got ${this.#frame.length - start}`);
    this.#end = end;
    const flags = this.#u8('record flags');
    if (flags & ~KNOWN_FLAGS) throw this.malformed(`record flags of this version, got ${flags}`);
    this.#skipText('partition key');
    if (flags & FLAG.hashKey) this.#skipText('explicit hash key');
    if (flags & FLAG.stream) this.#skipWord(parts, 'destination stream');
    if (flags & FLAG.origin) this.#skipOrigin(parts);
    const metadata = flags & FLAG.metadata ? this.#metadata() : NO_METADATA;
    const record = new FramedRecord(parts, start, this.at, end, metadata);
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

  #skipText(what: string): void {
    this.#advance(this.u32(what), what);
  }

  #skipOrigin(parts: FrameParts): void {
    this.#skipWord(parts, 'origin stream');
    this.#skipWord(parts, 'origin shard');
    this.#skipText('sequence number');
    this.#advance(4, 'sub-sequence number');
    this.#advance(8, 'arrival time');
  }

  #skipWord({ dictionary }: FrameParts, what: string): void {
    const index = this.u16(what);
    if (index >= dictionary.length) throw this.malformed(`${what} among ${dictionary.length} dictionary entries, got number ${index}`);
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
