import type { ByteRange } from '@sluice/core';
import { MAJOR } from './major-types.ts';

/** Bytes that the head of a data item takes at most: lengths are below 2^32. */
export const LONGEST_HEAD = 5;

/** Writes CBOR into a buffer that is large enough: each character of a text may take three bytes. */
export class CborWriter {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** What was written so far. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  map(members: number): void {
    this.#head(MAJOR.map, members);
  }

  array(items: number): void {
    this.#head(MAJOR.array, items);
  }

  unsigned(value: number): void {
    this.#head(MAJOR.unsigned, value);
  }

  text(value: string): void {
    const start = this.#at;
    // Most text is ASCII, as many bytes as characters. Where it is not it is written again behind the right head.
    this.#head(MAJOR.text, value.length);
    const length = this.#buffer.write(value, this.#at);
    if (length !== value.length) {
      this.#at = start;
      this.#head(MAJOR.text, length);
      this.#buffer.write(value, this.#at);
    }
    this.#at += length;
  }

  data(bytes: Uint8Array): void {
    this.#head(MAJOR.bytes, bytes.byteLength);
    this.raw(bytes);
  }

  /** As {@link data}, without a view of the bytes. */
  dataRange({ bytes, start, end }: ByteRange): void {
    this.#head(MAJOR.bytes, end - start);
    this.#at += bytes.copy(this.#buffer, this.#at, start, end);
  }

  /** Milliseconds since 1970, as whole milliseconds: so the service has them, also in requests. */
  timestamp(ms: number): void {
    this.#head(MAJOR.tag, 1);
    this.#buffer[this.#at++] = (MAJOR.unsigned << 5) | 27;
    this.#at = this.#buffer.writeBigUInt64BE(BigInt(ms), this.#at);
  }

  /** Data items that are encoded already. */
  raw(encoded: Uint8Array): void {
    this.#buffer.set(encoded, this.#at);
    this.#at += encoded.byteLength;
  }

  #head(major: number, argument: number): void {
    const first = major << 5;
    if (argument < 24) {
      this.#buffer[this.#at++] = first | argument;
    } else if (argument < 0x100) {
      this.#buffer[this.#at++] = first | 24;
      this.#buffer[this.#at++] = argument;
    } else if (argument < 0x1_0000) {
      this.#buffer[this.#at++] = first | 25;
      this.#at = this.#buffer.writeUInt16BE(argument, this.#at);
    } else {
      this.#buffer[this.#at++] = first | 26;
      this.#at = this.#buffer.writeUInt32BE(argument, this.#at);
    }
  }
}
