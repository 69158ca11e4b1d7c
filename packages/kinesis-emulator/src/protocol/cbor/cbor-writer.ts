import { ByteString } from '../byte-string.ts';
import { Timestamp } from '../timestamp.ts';
import { MAJOR, TIME_TAG } from './major-types.ts';

const LONGEST_HEAD = 9;

/** Writes CBOR into one buffer that grows. Members that are `undefined` are left out. */
export class CborWriter {
  #buffer: Buffer;
  #at = 0;

  /** @param expectedBytes avoids growth where it is right */
  constructor(expectedBytes = 512) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes);
  }

  /** What was written so far. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.number(value);
    else if (value instanceof Timestamp) this.timestamp(value.ms);
    else if (value instanceof ByteString) this.byteString(value.source, value.start, value.end);
    else if (Array.isArray(value)) this.#array(value);
    else if (typeof value === 'object' && value !== null) this.#map(value);
    else this.#byte(value === true ? 0xf5 : value === false ? 0xf4 : 0xf6);
  }

  /** The head of a data item: what it is, and how long or large. */
  head(major: number, argument: number): void {
    this.#reserve(LONGEST_HEAD);
    const first = major << 5;
    if (argument < 24) {
      this.#buffer[this.#at++] = first | argument;
    } else if (argument < 0x100) {
      this.#buffer[this.#at++] = first | 24;
      this.#buffer[this.#at++] = argument;
    } else if (argument < 0x1_0000) {
      this.#buffer[this.#at++] = first | 25;
      this.#at = this.#buffer.writeUInt16BE(argument, this.#at);
    } else if (argument < 0x1_0000_0000) {
      this.#buffer[this.#at++] = first | 26;
      this.#at = this.#buffer.writeUInt32BE(argument, this.#at);
    } else {
      this.#buffer[this.#at++] = first | 27;
      this.#at = this.#buffer.writeBigUInt64BE(BigInt(argument), this.#at);
    }
  }

  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      this.head(value < 0 ? MAJOR.negative : MAJOR.unsigned, value < 0 ? -1 - value : value);
      return;
    }
    this.#byte(0xfb);
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
  }

  timestamp(ms: number): void {
    this.head(MAJOR.tag, TIME_TAG);
    this.number(ms);
  }

  text(value: string): void {
    this.#reserve(LONGEST_HEAD + 3 * value.length);
    const start = this.#at;
    // Most text is ASCII, as many bytes as characters. Where it is not it is written again behind a head that may be longer.
    this.head(MAJOR.text, value.length);
    const length = this.#buffer.write(value, this.#at);
    if (length !== value.length) {
      this.#at = start;
      this.head(MAJOR.text, length);
      this.#buffer.write(value, this.#at);
    }
    this.#at += length;
  }

  byteString(source: Buffer, start: number, end: number): void {
    this.head(MAJOR.bytes, end - start);
    this.#reserve(end - start);
    source.copy(this.#buffer, this.#at, start, end);
    this.#at += end - start;
  }

  /** Data items that are encoded already; answers where they begin, for {@link digits} and {@link milliseconds}. */
  raw(encoded: Buffer): number {
    this.#reserve(encoded.length);
    const start = this.#at;
    encoded.copy(this.#buffer, start);
    this.#at += encoded.length;
    return start;
  }

  /** Overwrites `count` bytes from `at` with the decimal digits of `value`. */
  digits(at: number, value: number, count: number): void {
    let rest = value;
    for (let index = at + count - 1; index >= at; index--) {
      const tenth = Math.floor(rest / 10);
      this.#buffer[index] = 48 + rest - tenth * 10;
      rest = tenth;
    }
  }

  /** Overwrites the eight bytes from `at` with an unsigned integer. */
  uint64(at: number, value: number): void {
    this.#buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at);
    this.#buffer.writeUInt32BE(value % 0x1_0000_0000, at + 4);
  }

  #array(values: readonly unknown[]): void {
    this.head(MAJOR.array, values.length);
    for (const value of values) this.value(value);
  }

  #map(fields: object): void {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    this.head(MAJOR.map, present.length);
    for (const [key, value] of present) {
      this.text(key);
      this.value(value);
    }
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = byte;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
