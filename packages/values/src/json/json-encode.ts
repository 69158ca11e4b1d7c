/**
 * JSON text as Go's encoder writes it: keys sorted by their bytes, no spaces, no HTML escaping (unless asked for), numbers of a
 * document as they came, floats in Go's format, bytes in base64, a stray byte as U+FFFD.
 */
import { BloblangError } from '../errors.ts';
import { MAX_DEPTH, MAX_TEXT_LENGTH } from '../limits.ts';
import { formatG, shortestFloat32 } from '../number/numbers.ts';
import { compareText } from '../text/order.ts';
import { Timestamp } from '../time/timestamp.ts';
import { goTypeName } from '../value/go-type.ts';
import {
  AnyKeyObject,
  Deleted,
  Float32,
  Float64,
  JsonNumber,
  NIL_ARRAY,
  Nothing,
  SizedInteger,
  Uint64,
  type Value,
  type ValueObject,
} from '../value/kinds.ts';
import { type HeapRecursion, onHeap } from '../value/on-heap.ts';
import { ShapeCache } from './json-shape.ts';
import { encodeJsonString, isAsGoWouldWrite } from './json-string.ts';

/** Thrown for a value that JSON has no form for: a timestamp beyond the year 9999, an object with keys that are no text. */
export class UnsupportedValueError extends BloblangError {}

/** Thrown for NaN and the infinities, which JSON has no words for. */
class UnsupportedNumberError extends UnsupportedValueError {
  constructor(value: number) {
    super(`json: unsupported value: ${formatG(value)}`);
  }
}

/** Throws `UnsupportedValueError` for what JSON cannot say, `BloblangError` for what is nested too deeply or too long. */
export const encodeJson = (value: Value): string => encodeSafely(value, 'null');

/** As {@link encodeJson}, for the content of a message: it holds copies, and a copy of the literal `[]` is an empty array. */
export const encodeDocument = (value: Value): string => encodeSafely(value, '[]');

/** As {@link encodeJson}, with `<`, `>` and `&` escaped: the text form of arrays and objects. */
export const encodeJsonForHtml = (value: Value): string => escapeHtml(encodeJson(value));

/** With line breaks and indentation. `escapesHtml` as {@link encodeJsonForHtml}. */
export function encodeJsonIndented(value: Value, indent: string, escapesHtml: boolean): string {
  const text = onHeap(encodeIndented(value, indent, '\n', 0));
  return escapesHtml ? escapeHtml(text) : text;
}

const escapeHtml = (text: string): string => text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

/** What the literal `[]` becomes, see {@link NIL_ARRAY}. */
type Nil = '[]' | 'null';

function encodeSafely(value: Value, nil: Nil): string {
  try {
    return encode(value, nil);
  } catch (error) {
    if (error instanceof RangeError) return onHeap(encodeDeep(value, nil, 0));
    throw error;
  }
}

function encode(value: Value, nil: Nil): string {
  switch (typeof value) {
    case 'string':
      return encodeJsonString(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return encodeArray(value, nil);
      return Object.getPrototypeOf(value) === Object.prototype ? encodeObject(value as ValueObject, nil) : encodeScalarObject(value, nil);
    case 'bigint': {
      // Several times faster than to print all 64 bits.
      const number = Number(value);
      return String(Number.isSafeInteger(number) ? number : value);
    }
    default:
      return String(value);
  }
}

/** From this length on, the engine's own encoder makes up for looking through the array first. */
const NATIVE_FROM = 8;

function encodeArray(values: readonly Value[], nil: Nil): string {
  if (values.length === 0) return values === NIL_ARRAY ? nil : '[]';
  if (values.length >= NATIVE_FROM && values.every(isPlain)) {
    const text = JSON.stringify(values);
    if (isAsGoWouldWrite(text)) return text;
  }
  let text = `[${encode(values[0]!, nil)}`;
  for (let index = 1; index < values.length; index++) {
    text += `,${encode(values[index]!, nil)}`;
    if (text.length > MAX_TEXT_LENGTH) throw tooLong();
  }
  return `${text}]`;
}

/** Whether the engine writes a value as Go does, but for characters that {@link isAsGoWouldWrite} looks for. */
const isPlain = (value: Value): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;

const shapes = new ShapeCache(encodeJsonString);

function encodeObject(object: ValueObject, nil: Nil): string {
  const ownKeys = Object.keys(object);
  if (ownKeys.length === 0) return '{}';
  const { keys, prefixes } = shapes.of(ownKeys);
  let text = '';
  for (let index = 0; index < keys.length; index++) {
    text += prefixes[index]! + encode(object[keys[index]!]!, nil);
    if (text.length > MAX_TEXT_LENGTH) throw tooLong();
  }
  return `${text}}`;
}

/** The keys of an object in the order Go writes them. */
export const sortedKeys = (object: ValueObject): string[] => Object.keys(object).sort(compareText);

const tooLong = (): BloblangError => new BloblangError(`JSON text exceeds the maximum of ${MAX_TEXT_LENGTH} bytes`);

/** The kinds that are held as instances of a class. */
function encodeScalarObject(value: Value & object, nil: Nil): string {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Float64) return encodeFloat(value);
  if (value instanceof Uint64 || value instanceof SizedInteger) return value.value.toString();
  if (value instanceof Uint8Array) return `"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')}"`;
  if (value instanceof Timestamp) return encodeTimestamp(value);
  if (value instanceof AnyKeyObject) throw new UnsupportedValueError(`json: unsupported type: ${goTypeName(value)}`);
  return value instanceof Deleted || value instanceof Nothing ? 'null' : encodeObject(value as ValueObject, nil);
}

function encodeTimestamp(timestamp: Timestamp): string {
  const text = timestamp.toString();
  if (/^\d{4}-/.test(text)) return `"${text}"`;
  throw new UnsupportedValueError('json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]');
}

function encodeFloat(float: Float64): string {
  const { value } = float;
  if (!Number.isFinite(value)) throw new UnsupportedNumberError(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return String(float instanceof Float32 ? Number(shortestFloat32(value)) : value);
}

/** As {@link encode}, for what is nested deeper than the stack allows. */
function* encodeDeep(value: Value, nil: Nil, depth: number): HeapRecursion<string> {
  if (depth > MAX_ENCODED_DEPTH) throw tooDeep();
  if (Array.isArray(value) && value.length > 0) {
    const texts: string[] = [];
    for (const element of value) texts.push(yield encodeDeep(element, nil, depth + 1));
    return bounded(`[${texts.join(',')}]`);
  }
  if (!isPlainObject(value)) return encode(value, nil);
  const texts: string[] = [];
  for (const key of sortedKeys(value)) texts.push(`${encodeJsonString(key)}:${yield encodeDeep(value[key]!, nil, depth + 1)}`);
  return bounded(`{${texts.join(',')}}`);
}

function* encodeIndented(value: Value, indent: string, newline: string, depth: number): HeapRecursion<string> {
  if (depth > MAX_ENCODED_DEPTH) throw tooDeep();
  const inner = newline + indent;
  const texts: string[] = [];
  if (Array.isArray(value) && value.length > 0) {
    for (const element of value) texts.push(yield encodeIndented(element, indent, inner, depth + 1));
    return bounded(`[${inner}${texts.join(`,${inner}`)}${newline}]`);
  }
  if (!isPlainObject(value)) return encode(value, 'null');
  for (const key of sortedKeys(value)) {
    texts.push(`${encodeJsonString(key)}: ${yield encodeIndented(value[key]!, indent, inner, depth + 1)}`);
  }
  return texts.length === 0 ? '{}' : bounded(`{${inner}${texts.join(`,${inner}`)}${newline}}`);
}

/** A mapping may put a document of the greatest depth into another one, and so on for a while. */
const MAX_ENCODED_DEPTH = 2 * MAX_DEPTH;

const tooDeep = (): BloblangError => new BloblangError('exceeded max depth');

function bounded(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw tooLong();
  return text;
}

const isPlainObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
