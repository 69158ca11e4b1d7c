import type { ByteRange, Metadata, RecordOrigin, SluiceRecord } from '@sluice/core';
import { FLAG, LENGTH_BYTES } from './layout.ts';

/** What the records of a frame share. */
export interface FrameParts {
  readonly bytes: Buffer;
  readonly dictionary: readonly string[];
}

/**
 * A record of a frame, as a place in it: strings and views are made where they are asked for, each time anew. What is read here was checked
 * when the frame was decoded. Keeping one record keeps the whole frame in memory.
 */
export class FramedRecord implements SluiceRecord, ByteRange {
  readonly metadata: Metadata;
  /** Where the data begins, and where it ends. */
  readonly start: number;
  readonly end: number;
  readonly #frame: FrameParts;
  /** Where the flags are. */
  readonly #at: number;

  constructor(frame: FrameParts, at: number, start: number, end: number, metadata: Metadata) {
    this.#frame = frame;
    this.#at = at;
    this.start = start;
    this.end = end;
    this.metadata = metadata;
  }

  get bytes(): Buffer {
    return this.#frame.bytes;
  }

  get data(): Buffer {
    return this.#frame.bytes.subarray(this.start, this.end);
  }

  get dataRange(): ByteRange {
    return this;
  }

  get partitionKey(): string {
    return textAt(this.#frame.bytes, this.#keyAt);
  }

  get explicitHashKey(): string | undefined {
    return this.#has(FLAG.hashKey) ? textAt(this.#frame.bytes, behindText(this.#frame.bytes, this.#keyAt)) : undefined;
  }

  get stream(): string | undefined {
    return this.#has(FLAG.stream) ? wordAt(this.#frame, this.#streamAt) : undefined;
  }

  get origin(): RecordOrigin | undefined {
    if (!this.#has(FLAG.origin)) return undefined;
    const { bytes } = this.#frame;
    const at = this.#originAt;
    const behindNumber = behindText(bytes, at + 4);
    return {
      stream: wordAt(this.#frame, at),
      shardId: wordAt(this.#frame, at + 2),
      sequenceNumber: textAt(bytes, at + 4),
      subSequenceNumber: bytes.readUInt32LE(behindNumber),
      arrivalTimeMs: bytes.readDoubleLE(behindNumber + 4),
    };
  }

  get arrivalTimeMs(): number | undefined {
    const { bytes } = this.#frame;
    return this.#has(FLAG.origin) ? bytes.readDoubleLE(behindText(bytes, this.#originAt + 4) + 4) : undefined;
  }

  /** As an object of its own. */
  toPlain(): SluiceRecord {
    const { partitionKey, explicitHashKey, data, metadata, stream, origin } = this;
    return {
      ...{ partitionKey, data, metadata },
      ...(explicitHashKey !== undefined && { explicitHashKey }),
      ...(stream !== undefined && { stream }),
      ...(origin && { origin }),
    };
  }

  get #keyAt(): number {
    return this.#at + 1;
  }

  get #streamAt(): number {
    const { bytes } = this.#frame;
    const behindKey = behindText(bytes, this.#keyAt);
    return this.#has(FLAG.hashKey) ? behindText(bytes, behindKey) : behindKey;
  }

  get #originAt(): number {
    return this.#streamAt + (this.#has(FLAG.stream) ? 2 : 0);
  }

  #has(flag: number): boolean {
    return (this.#frame.bytes[this.#at]! & flag) !== 0;
  }
}

function textAt(bytes: Buffer, at: number): string {
  const start = at + LENGTH_BYTES;
  return bytes.toString('utf8', start, start + bytes.readUInt32LE(at));
}

const behindText = (bytes: Buffer, at: number): number => at + LENGTH_BYTES + bytes.readUInt32LE(at);

const wordAt = ({ bytes, dictionary }: FrameParts, at: number): string => dictionary[bytes.readUInt16LE(at)]!;
