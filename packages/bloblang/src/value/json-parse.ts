/**
 * JSON in. Numbers stay what they are: `JSON.parse` would turn `1.0` into `1` and round a long integer, so a document that has
 * such a number (few do, and a quick test tells) is read a second time by a parser that keeps the text of numbers.
 */
import { BloblangError } from './errors.ts';
import { parseExactJson } from './json-exact.ts';
import { scanJson } from './json-syntax.ts';
import { Float64, JsonNumber, setKey, type Value, type ValueObject } from './kinds.ts';
import { toWellFormed } from './text.ts';

/**
 * Matches wherever a number might stand that does not print the way it was written: with trailing zeros, an exponent, a minus
 * before zero, more digits than a float always keeps, or very small. It may also match inside a text; that only costs time.
 */
const SUSPECT_NUMBER = /[:,[\s](?:-?(?:[0-9]+\.[0-9]*0[,\]}\s]|[0-9]+(?:\.[0-9]+)?[eE]|[0-9.]{16}|0\.00000)|-0[,\]}\s])/g;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Whether each number of a document prints the way it was written. Says no now and then where it could say yes. */
function hasOnlyExactNumbersWithin(text: string): boolean {
  SUSPECT_NUMBER.lastIndex = 0;
  for (let suspect = SUSPECT_NUMBER.exec(text); suspect !== null; suspect = SUSPECT_NUMBER.exec(text)) {
    NUMBER.lastIndex = suspect.index + 1;
    const number = NUMBER.exec(text)?.[0] ?? '';
    if (String(Number(number)) !== number) return false;
    SUSPECT_NUMBER.lastIndex = NUMBER.lastIndex;
  }
  return true;
}

/** `\ud800`: half a character, which Go reads as U+FFFD. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** A document as a message holds it. Throws BloblangError with the words of Go's decoder. */
export function parseJson(text: string): Value {
  const value = parse(text);
  if (typeof value === 'object' && value !== null) return hasOnlyExactNumbersWithin(text) ? value : parseExactJson(text);
  return typeof value === 'number' ? parseExactJson(text) : value;
}

/** A document whose numbers are all floats, as `parse_json()` makes them. */
export const parseJsonFloats = (text: string): Value => mapNumbers(parse(text), (number) => new Float64(number));

/** Whether {@link parseJson} and a plain `JSON.parse` agree on the numbers of a document. */
export const hasOnlyExactNumbers = (text: string): boolean => /^\s*[{["]/.test(text) && hasOnlyExactNumbersWithin(text);

function parse(text: string): Value {
  const wellFormed = toWellFormed(text);
  let value: Value;
  try {
    value = JSON.parse(wellFormed) as Value;
  } catch {
    throw new BloblangError(describeFailure(text));
  }
  return SURROGATE_ESCAPE.test(wellFormed) ? mapTexts(value) : value;
}

function describeFailure(text: string): string {
  const { error, end } = scanJson(text);
  if (error !== null) return error;
  const following = scanJson(text.slice(end));
  return following.error ?? 'message contains multiple valid documents';
}

function mapNumbers(value: Value, change: (value: number) => Value): Value {
  if (typeof value === 'number') return change(value);
  return mapChildren(value, (child) => mapNumbers(child, change));
}

function mapTexts(value: Value): Value {
  if (typeof value === 'string') return toWellFormed(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mapChildren(value, mapTexts);
  const mapped: ValueObject = {};
  for (const [key, child] of Object.entries(value as ValueObject)) setKey(mapped, toWellFormed(key), mapTexts(child));
  return mapped;
}

/** Changes the children of a freshly parsed value in place. */
function mapChildren(value: Value, change: (child: Value) => Value): Value {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = change(value[index]!);
  } else if (typeof value === 'object' && value !== null && !(value instanceof JsonNumber)) {
    const object = value as ValueObject;
    for (const key of Object.keys(object)) setKey(object, key, change(object[key]!));
  }
  return value;
}
