/**
 * JSON in. Numbers stay what they are: `JSON.parse` would turn `1.0` into `1` and round a long integer, so a document that has
 * such a number (few do, and a quick test tells) is read a second time by a parser that keeps the text of numbers.
 */
import { BloblangError } from '../errors.ts';
import { MAX_DEPTH } from '../limits.ts';
import { printAsWritten } from '../number/exact-numbers.ts';
import { toWellFormed } from '../text/text.ts';
import { Float64, setKey, type Value, type ValueObject } from '../value/kinds.ts';
import { mapScalars } from '../value/map-scalars.ts';
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
export const parseJsonFloats = (text: string): Value =>
  mapScalars(parse(text), (scalar) => (typeof scalar === 'number' ? new Float64(scalar) : scalar));

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
  checkDepth(wellFormed, value);
  return hasSurrogateEscape(wellFormed) ? mapTexts(value) : value;
}

/** Throws BloblangError if a document that was read from `text` is nested deeper than the original's decoder goes. */
export function checkDepth(text: string, document: Value): void {
  if (text.length <= 2 * MAX_DEPTH) return;
  let level: Value[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MAX_DEPTH) throw new BloblangError('exceeded max depth');
    level = level.flatMap(containersIn);
  }
}

function containersIn(value: Value): Value[] {
  const children = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value as ValueObject) : [];
  return children.filter((child) => typeof child === 'object' && child !== null);
}

function describeFailure(text: string): string {
  const { error, end } = scanJson(text);
  if (error !== null) return error;
  const following = scanJson(text.slice(end));
  return following.error ?? 'message contains multiple valid documents';
}

/** As {@link mapScalars} for texts, those of keys too, in a value that may be changed. */
function mapTexts(value: Value): Value {
  const mapped = mapScalars([value], (scalar) => (typeof scalar === 'string' ? toWellFormed(scalar) : scalar)) as Value[];
  for (const object of objectsOf(mapped)) {
    const keys = Object.keys(object);
    if (keys.every((key) => key.isWellFormed())) continue;
    const entries = keys.map((key): [string, Value] => [key, object[key]!]);
    for (const [key] of entries) delete object[key];
    for (const [key, child] of entries) setKey(object, toWellFormed(key), child);
  }
  return mapped[0]!;
}

function objectsOf(value: Value): ValueObject[] {
  const objects: ValueObject[] = [];
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next);
    else if (typeof next === 'object' && next !== null) {
      objects.push(next as ValueObject);
      open.push(...Object.values(next as ValueObject));
    }
  }
  return objects;
}

/** The first document of a text by one of the parsers above, whatever stands behind it. Throws BloblangError. */
export function firstDocument(text: string, parse: (text: string) => Value): Value {
  try {
    return parse(text);
  } catch (error) {
    const { error: problem, end } = scanJson(text);
    if (problem !== null || end >= text.length) throw error;
    return parse(text.slice(0, end));
  }
}
