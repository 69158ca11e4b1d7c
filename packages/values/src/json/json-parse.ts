/**
 * JSON in. Numbers stay what they are: `JSON.parse` would turn `1.0` into `1` and round a long integer, so a document that has
 * such a number (few do, and a quick test tells) is read a second time by a parser that keeps the text of numbers.
 */
import { BloblangError } from '../errors.ts';
import { printAsWritten } from '../number/exact-numbers.ts';
import { toWellFormed } from '../text/text.ts';
import { Float64, JsonNumber, setKey, type Value, type ValueObject } from '../value/kinds.ts';
import { parseExactJson } from './json-exact.ts';
import { scanJson } from './json-syntax.ts';

/** `\ud800`: half a character, which Go reads as U+FFFD where `JSON.parse` keeps it. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** Whether a document has an escape that may stand for half a character. */
export const hasSurrogateEscape = (text: string): boolean => text.includes('\\u') && SURROGATE_ESCAPE.test(text);

/** A document as a message holds it. Throws BloblangError with the words of Go's decoder. */
export function parseJson(text: string): Value {
  const value = parse(text);
  if (typeof value === 'object' && value !== null) return printAsWritten(text) ? value : parseExactJson(text);
  return typeof value === 'number' ? parseExactJson(text) : value;
}

/** A document whose numbers are all floats, as `parse_json()` makes them. */
export const parseJsonFloats = (text: string): Value => mapNumbers(parse(text), (number) => new Float64(number));

/** Whether {@link parseJson} and a plain `JSON.parse` agree on the numbers of a document. */
export const hasOnlyExactNumbers = (text: string): boolean => /^\s*[{["]/.test(text) && printAsWritten(text);

function parse(text: string): Value {
  const wellFormed = toWellFormed(text);
  let value: Value;
  try {
    value = JSON.parse(wellFormed) as Value;
  } catch {
    throw new BloblangError(describeFailure(text));
  }
  return hasSurrogateEscape(wellFormed) ? mapTexts(value) : value;
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
