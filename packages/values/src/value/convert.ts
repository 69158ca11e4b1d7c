/** Conversions that also parse text: what the methods of number and bool coercion do. */

import { BloblangError } from '../errors.ts';
import { INT64_MAX, UINT64_MAX } from '../number/numbers.ts';
import { parseBool, parseFloat64, parseInt64, parseUint64 } from '../number/strconv.ts';
import { decodeText } from '../text/text.ts';
import { truthOfNumber } from './coerce.ts';
import { Float64, JsonNumber, SizedInteger, Uint64, type Value } from './kinds.ts';
import { ValueTypeError } from './type-errors.ts';

/** Throws BloblangError if a text is no number, ValueTypeError for other types. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Float64) return value.value;
  if (value instanceof Uint64 || value instanceof SizedInteger) return Number(value.value);
  const text = numeralOf(value);
  if (text === undefined) throw new ValueTypeError(value, ['number']);
  return parseFloat64(text);
}

/** An int64. Throws when the number has decimals or is out of range; text may name its base as in `0xff`. */
export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : parseInt64(String(value), 10);
  if (value instanceof SizedInteger) return value.value;
  if (value instanceof JsonNumber) return parseInt64(value.text, 10);
  if (value instanceof Float64) return integerOf(value.value, SIGNED);
  if (value instanceof Uint64) {
    if (value.value > INT64_MAX) throw new BloblangError('unsigned integer value is too large to be cast as a signed integer');
    return value.value;
  }
  const text = numeralOf(value);
  if (text === undefined) throw new ValueTypeError(value, ['number']);
  return parseInt64(text, 0);
}

/** A uint64. Throws when the number is negative, has decimals or is out of range. */
export function toUint(value: Value): bigint {
  if (value instanceof Uint64) return value.value;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber || value instanceof SizedInteger) {
    const integer = toInt(value);
    if (integer < 0n) throw new BloblangError('signed integer value is negative and cannot be cast as an unsigned integer');
    return integer;
  }
  if (value instanceof Float64) {
    if (value.value < 0) throw new BloblangError('float value is negative and cannot be cast as an unsigned integer');
    return integerOf(value.value, UNSIGNED);
  }
  const text = numeralOf(value);
  if (text === undefined) throw new ValueTypeError(value, ['number']);
  return parseUint64(text, 0);
}

/** A bool, a number that is not zero, or one of the words of `strconv.ParseBool`. */
export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : value instanceof Uint8Array ? decodeText(value) : undefined;
  const truth = text === undefined ? truthOfNumber(value) : parseBool(text);
  if (truth === undefined) throw new ValueTypeError(value, ['bool']);
  return truth;
}

/** The float as int64 if it is a whole number within range, else undefined. */
export const wholeInt64 = (value: number): bigint | undefined =>
  Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : undefined;

interface IntegerKind {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: bigint;
}

const SIGNED: IntegerKind = { name: 'a signed', minimum: -(2 ** 63), maximum: INT64_MAX };
const UNSIGNED: IntegerKind = { name: 'an unsigned', minimum: 0, maximum: UINT64_MAX };

function integerOf(value: number, { name, minimum, maximum }: IntegerKind): bigint {
  const target = name === 'a signed' ? 'an integer' : 'an unsigned integer';
  if (Number.isNaN(value)) throw new BloblangError(`cannot convert NAN to ${target}`);
  if (!Number.isFinite(value)) throw new BloblangError(`cannot convert +/-INF to ${target}`);
  if (value > Number(maximum)) throw new BloblangError(`float value is too large to be cast as ${name} integer`);
  if (value < minimum) throw new BloblangError(`float value is too small to be cast as ${name} integer`);
  if (!Number.isInteger(value)) {
    throw new BloblangError(
      `float value contains decimals and therefore cannot be cast as ${name} integer, ` +
        'if you intend to round the value then call `.round()` explicitly before this cast',
    );
  }
  const integer = BigInt(value);
  return integer > maximum ? maximum : integer;
}

function numeralOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  return value instanceof Uint8Array ? decodeText(value) : undefined;
}
