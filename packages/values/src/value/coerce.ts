/**
 * What a value counts as. `getX` takes a value of the right kind (bytes and timestamps count as text) and throws
 * {@link ValueTypeError} otherwise; `toX` in `convert.ts` also parses text.
 */

import { int64OfNumber, int64OfText, UINT64_MAX } from '../number/numbers.ts';
import { parseFloat64, parseInt64 } from '../number/strconv.ts';
import { decodeText, encodeText } from '../text/text.ts';
import { parseRfc3339 } from '../time/rfc3339.ts';
import { Timestamp } from '../time/timestamp.ts';
import { LOCAL } from '../time/zone.ts';
import { Float64, JsonNumber, type NumberValue, SizedInteger, Uint64, type Value } from './kinds.ts';
import { ValueTypeError } from './type-errors.ts';

/** A number that arithmetic works on: numbers of a document are settled as int64 or float64. */
type PlainNumber = bigint | Uint64 | Float64;

/** Text or bytes or a timestamp, as text. */
export function getString(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decodeText(value);
  if (value instanceof Timestamp) return value.toString();
  throw new ValueTypeError(value, ['string']);
}

/** Text or bytes or a timestamp, as bytes. */
export function getBytes(value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encodeText(value);
  if (value instanceof Timestamp) return encodeText(value.toString());
  throw new ValueTypeError(value, ['bytes']);
}

/** Any number as a 64-bit float. */
export function getNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Float64) return value.value;
  if (value instanceof Uint64 || value instanceof SizedInteger) return Number(value.value);
  if (value instanceof JsonNumber) return parseFloat64(value.text);
  throw new ValueTypeError(value, ['number']);
}

/** Whether a number of a document is beyond the floats. It still is a number by type, but operators take it for a text. */
export const isBeyondFloat = (value: Value): value is JsonNumber => value instanceof JsonNumber && !Number.isFinite(Number(value.text));

/** Any number as an int64; a fraction is cut off and what is out of range wraps or becomes the smallest int64, as in Go. */
export function getInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return int64OfNumber(value) ?? truncateToInt64(value);
  if (value instanceof Float64) return truncateToInt64(value.value);
  if (value instanceof Uint64 || value instanceof SizedInteger) return BigInt.asIntN(64, value.value);
  if (isBeyondFloat(value)) return parseInt64(value.text, 10);
  if (value instanceof JsonNumber) return int64OfText(value.text) ?? truncateToInt64(parseFloat64(value.text));
  throw new ValueTypeError(value, ['number']);
}

/** A bool, or a number that is not zero. */
export function getBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  const truth = truthOfNumber(value);
  if (truth === undefined) throw new ValueTypeError(value, ['bool']);
  return truth;
}

/** Whether a number counts as true; undefined if the value is no number. A number of a document is false only as `0`. */
export function truthOfNumber(value: Value): boolean | undefined {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (value instanceof Float64) return value.value !== 0;
  if (value instanceof Uint64 || value instanceof SizedInteger) return value.value !== 0n;
  return value instanceof JsonNumber ? value.text !== '0' : undefined;
}

/** A timestamp, seconds since 1970, or an RFC 3339 text. */
export function getTimestamp(value: Value): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === 'string' || value instanceof Uint8Array) return parseRfc3339(getString(value));
  if (isBeyondFloat(value)) return parseRfc3339(value.text);
  if (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof JsonNumber ||
    value instanceof Float64 ||
    value instanceof Uint64 ||
    value instanceof SizedInteger
  ) {
    return timestampOfNumber(settleNumber(value));
  }
  throw new ValueTypeError(value, ['number', 'string']);
}

function timestampOfNumber(value: PlainNumber): Timestamp {
  if (!(value instanceof Float64)) return new Timestamp(getInt(value) * 1_000_000_000n, LOCAL);
  const seconds = Math.trunc(value.value);
  const nanoseconds = truncateToInt64((value.value - seconds) * 1e9);
  return new Timestamp(truncateToInt64(seconds) * 1_000_000_000n + nanoseconds, LOCAL);
}

/** A number of a document as int64 if its text is one, else float64; other numbers as they are. */
export function settleNumber(value: NumberValue): PlainNumber {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return int64OfNumber(value) ?? new Float64(value);
  if (value instanceof SizedInteger) return unsized(value);
  if (!(value instanceof JsonNumber)) return value;
  return int64OfText(value.text) ?? new Float64(parseFloat64(value.text));
}

/** What the original calls sanitizing: numbers of a document are settled, a timestamp becomes its text. */
export function sanitize(value: Value): Value {
  if (typeof value === 'number') return settleNumber(value);
  if (value instanceof Timestamp) return value.toString();
  if (value instanceof SizedInteger) return unsized(value);
  if (!(value instanceof JsonNumber)) return value;
  const integer = int64OfText(value.text);
  if (integer !== undefined) return integer;
  const float = Number(value.text);
  return Number.isFinite(float) ? new Float64(float) : value.text;
}

const unsized = ({ value, size }: SizedInteger): bigint | Uint64 => (size.startsWith('u') ? new Uint64(value) : value);

/** Go's conversion of a float to int64 on amd64. */
function truncateToInt64(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

/** A number of a document as the formats that have kinds of numbers take it: int64, else uint64, else float64, else its text. */
export function documentNumber(value: number | JsonNumber): bigint | Uint64 | Float64 | string {
  const settled = sanitize(value) as bigint | Float64 | string;
  const text = typeof value === 'number' ? String(value) : value.text;
  if (!(settled instanceof Float64) || !/^\d+$/.test(text)) return settled;
  const integer = BigInt(text);
  return integer <= UINT64_MAX ? new Uint64(integer) : settled;
}
