/**
 * CBOR (RFC 8949) as AWS clients write it: maps with text keys, also of indefinite length, and times as tag 1. Written by hand
 * because a record must not cost a view, a Buffer and a Date: data stays a {@link ByteString} within the request's body.
 */
import { serialization } from '../../service-error.ts';
import { ByteString } from '../byte-string.ts';
import { Timestamp } from '../timestamp.ts';
import { MAJOR, TIME_TAG } from './major-types.ts';

const MAX_DEPTH = 32;
const INDEFINITE = 31;
const BREAK = 0xff;

/** Member names that records have, by their length: recognised by their bytes, which is cheaper than to make a string of each. */
const FREQUENT_KEYS: readonly (Buffer | undefined)[] = ['Data', 'PartitionKey', 'ExplicitHashKey'].reduce<(Buffer | undefined)[]>(
  (byLength, key) => {
    byLength[key.length] = Buffer.from(key);
    return byLength;
  },
  [],
);
const FREQUENT_NAMES = FREQUENT_KEYS.map((key) => key?.toString());

const malformed = (what: string) => serialization(`The body is not CBOR: ${what}.`);

/**
 * The value that a body stands for: objects, arrays, text, numbers, booleans, null, `Timestamp` and `ByteString`.
 * Throws a `SerializationException` where it is malformed, cut off, or followed by anything.
 */
export function decodeCbor(body: Buffer): unknown {
  const decoder = new Decoder(body);
  const value = decoder.value(0);
  if (!decoder.isAtEnd) throw malformed('something follows the value');
  return value;
}

class Decoder {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#body.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed(`more than ${MAX_DEPTH} levels deep`);
    const head = this.#byte();
    const info = head & 31;
    switch (head >>> 5) {
      case MAJOR.unsigned:
        return this.#argument(info);
      case MAJOR.negative:
        return -1 - this.#argument(info);
      case MAJOR.bytes:
        return info === INDEFINITE ? new ByteString(Buffer.concat(this.#chunks(MAJOR.bytes))) : this.#byteString(info);
      case MAJOR.text:
        return this.#text(info);
      case MAJOR.array:
        return this.#array(info, depth);
      case MAJOR.map:
        return this.#map(info, depth);
      case MAJOR.tag:
        return this.#tagged(info, depth);
      default:
        return this.#simple(info);
    }
  }

  #byte(): number {
    if (this.#at >= this.#body.length) throw malformed('it ends too early');
    return this.#body[this.#at++]!;
  }

  /** Steps over `length` bytes; answers where they begin. */
  #skip(length: number): number {
    const start = this.#at;
    if (length > this.#body.length - start) throw malformed('it ends too early');
    this.#at = start + length;
    return start;
  }

  #argument(info: number): number {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#byte();
      case 25:
        return this.#body.readUInt16BE(this.#skip(2));
      case 26:
        return this.#body.readUInt32BE(this.#skip(4));
      case 27:
        return Number(this.#body.readBigUInt64BE(this.#skip(8)));
      default:
        throw malformed(`a length of kind ${info}`);
    }
  }

  #byteString(info: number): ByteString {
    const length = this.#argument(info);
    const start = this.#skip(length);
    return new ByteString(this.#body, start, start + length);
  }

  #text(info: number): string {
    if (info === INDEFINITE) return Buffer.concat(this.#chunks(MAJOR.text)).toString();
    const length = this.#argument(info);
    const start = this.#skip(length);
    return this.#body.toString('utf8', start, start + length);
  }

  /** The pieces of a string of indefinite length. */
  #chunks(major: number): Buffer[] {
    const chunks: Buffer[] = [];
    while (!this.#takesBreak()) {
      const head = this.#byte();
      if (head >>> 5 !== major || (head & 31) === INDEFINITE) throw malformed('a string whose pieces are no strings');
      const { source, start, end } = this.#byteString(head & 31);
      chunks.push(source.subarray(start, end));
    }
    return chunks;
  }

  #takesBreak(): boolean {
    if (this.#body[this.#at] !== BREAK) return false;
    this.#at++;
    return true;
  }

  /** Runs `item` for each item of an array or map. */
  #items(info: number, item: () => void): void {
    if (info === INDEFINITE) while (!this.#takesBreak()) item();
    else for (let left = this.#argument(info); left > 0; left--) item();
  }

  #array(info: number, depth: number): unknown[] {
    const values: unknown[] = [];
    this.#items(info, () => values.push(this.value(depth + 1)));
    return values;
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.#items(info, () => {
      const key = this.#key();
      fields[key] = this.value(depth + 1);
    });
    return fields;
  }

  #key(): string {
    const head = this.#byte();
    if (head >>> 5 !== MAJOR.text) throw malformed('a key that is no text');
    const frequent = FREQUENT_KEYS[head & 31];
    if (frequent && this.#isNext(frequent)) {
      this.#at += frequent.length;
      return FREQUENT_NAMES[frequent.length]!;
    }
    const key = this.#text(head & 31);
    if (key === '__proto__') throw malformed('a key that no request has');
    return key;
  }

  #isNext(bytes: Buffer): boolean {
    for (let index = 0; index < bytes.length; index++) if (this.#body[this.#at + index] !== bytes[index]) return false;
    return true;
  }

  #tagged(info: number, depth: number): unknown {
    const tag = this.#argument(info);
    const value = this.value(depth + 1);
    if (tag !== TIME_TAG) return value;
    if (typeof value !== 'number') throw malformed('a time that is no number');
    return new Timestamp(Math.round(value));
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return halfFloat(this.#body.readUInt16BE(this.#skip(2)));
      case 26:
        return this.#body.readFloatBE(this.#skip(4));
      case 27:
        return this.#body.readDoubleBE(this.#skip(8));
      default:
        throw malformed(`a simple value of kind ${info}`);
    }
  }
}

/** RFC 8949, appendix D. */
function halfFloat(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}
