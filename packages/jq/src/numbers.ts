/**
 * Numbers of jq: a plain number is a float or a whole number that floats hold exactly; a bigint is a whole number that they do not hold;
 * a JsonNumber is one of a document whose text stays as long as nobody computes with it.
 */
import { bytesOf, Float64, isArray, isObject, JsonNumber, mapScalars, Timestamp, toText, type Value } from '@sluice/values';

export type JqNumber = number | bigint;

export const isNumeric = (value: Value): boolean => typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber;

/** What is computed with; undefined where the value is no number. */
export function numberOf(value: Value): JqNumber | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof JsonNumber ? parseNumber(value.text) : undefined;
}

export function parseNumber(text: string): JqNumber {
  return /[.eE]/.test(text) ? Number(text) : settled(BigInt(text));
}

export function floatOf(value: Value): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : Number(number);
}

/** Cut to a whole number; beyond the range of 64 bits its limit. */
export function wholeOf(value: Value): number | undefined {
  const number = floatOf(value);
  if (number === undefined) return undefined;
  return Number.isNaN(number) ? -(2 ** 63) : Math.max(-(2 ** 63), Math.min(Math.trunc(number), 2 ** 63)) || 0;
}

export const settled = (whole: bigint): JqNumber => {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
};

/** Computes with whole numbers exactly, and with floats otherwise. */
export function compute(
  left: JqNumber,
  right: JqNumber,
  floats: (a: number, b: number) => number,
  wholes: (a: bigint, b: bigint) => bigint,
): JqNumber {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = floats(left, right);
    const isExact = Number.isSafeInteger(result) || !(Number.isSafeInteger(left) && Number.isSafeInteger(right));
    return isExact ? result : settled(wholes(BigInt(left), BigInt(right)));
  }
  if (isWhole(left) && isWhole(right)) return settled(wholes(BigInt(left), BigInt(right)));
  return floats(Number(left), Number(right));
}

export const isWhole = (number: JqNumber): boolean => typeof number === 'bigint' || Number.isSafeInteger(number);

/** Of a number, whose text stays. */
export function negate(value: Value): Value {
  if (value instanceof JsonNumber) return new JsonNumber(value.text.startsWith('-') ? value.text.slice(1) : `-${value.text}`);
  return typeof value === 'bigint' ? -value : value === 0 ? 0 : -(value as number);
}

/** A result as a document, in place: floats that a plain number would print otherwise stand as such. */
export const asDocument = (result: Value): Value =>
  mapScalars(result, (scalar) =>
    typeof scalar === 'number' && (!Number.isSafeInteger(scalar) || Object.is(scalar, -0)) ? new Float64(scalar) : scalar,
  );

/** Any value of the language of mappings, as metadata may hold it, in place. */
export const fromAnywhere = (value: Value): Value =>
  mapScalars(value, (scalar) => {
    if (scalar instanceof Float64) return scalar.value;
    if (typeof scalar === 'bigint') return settled(scalar);
    if (scalar instanceof Uint8Array) return bytesOf(scalar).toString();
    if (scalar instanceof Timestamp) return scalar.toString();
    const isPlain = scalar === null || typeof scalar !== 'object' || scalar instanceof JsonNumber || isArray(scalar) || isObject(scalar);
    return isPlain ? scalar : toText(scalar);
  });
