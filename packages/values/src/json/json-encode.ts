/**
 * JSON text as Go's encoder writes it: keys sorted by their bytes, no spaces, no HTML escaping (unless asked for), numbers of a
 * document as they came, floats in Go's format, bytes in base64, a stray byte as U+FFFD.
 */
import { BloblangError } from '../errors.ts';
import { shortestFloat32 } from '../format/go-text.ts';
import { goTypeName } from '../format/go-type.ts';
import { MAX_TEXT_LENGTH } from '../limits.ts';
import { formatG } from '../number/numbers.ts';
import { compareText } from '../text/order.ts';
import { toWellFormed } from '../text/text.ts';
import { Timestamp } from '../time/timestamp.ts';
import { AnyKeyObject, Deleted, Float32, Float64, JsonNumber, Nothing, Uint64, type Value, type ValueObject } from '../value/kinds.ts';
import { ShapeCache } from './json-shape.ts';

/** Thrown for NaN and the infinities, which JSON has no words for. */
export class UnsupportedNumberError extends BloblangError {
  constructor(value: number) {
    super(`json: unsupported value: ${formatG(value)}`);
  }
}

/** Throws BloblangError if the value holds NaN or an infinity, is nested beyond reason, or its text is too long. */
export function encodeJson(value: Value): string {
  return guarded(() => encode(value));
}

/** As {@link encodeJson}, with `<`, `>` and `&` escaped: the text form of arrays and objects. */
export const encodeJsonForHtml = (value: Value): string => escapeHtml(encodeJson(value));

/** With line breaks and indentation. `escapesHtml` as {@link encodeJsonForHtml}. */
export function encodeJsonIndented(value: Value, indent: string, escapesHtml: boolean): string {
  const text = guarded(() => encodeIndented(value, indent, '\n'));
  return escapesHtml ? escapeHtml(text) : text;
}

const escapeHtml = (text: string): string => text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

function guarded(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) throw new BloblangError('exceeded max depth');
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const NEEDS_ESCAPE = /["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/;

/** Up to this length it is quicker to look at each character than to ask the regular expression. */
const SHORT = 24;

function needsEscape(text: string): boolean {
  if (text.length > SHORT) return NEEDS_ESCAPE.test(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0x2028) return NEEDS_ESCAPE.test(text);
  }
  return false;
}

/** A text as a JSON string. */
function encodeJsonString(text: string): string {
  if (!needsEscape(text)) return `"${text}"`;
  const escaped = JSON.stringify(toWellFormed(text));
  return escaped.replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'));
}

function encode(value: Value): string {
  switch (typeof value) {
    case 'string':
      return encodeJsonString(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return encodeArray(value);
      return Object.getPrototypeOf(value) === Object.prototype ? encodeObject(value as ValueObject) : encodeScalarObject(value);
    default:
      return String(value);
  }
}

/** From this length on, the engine's own encoder makes up for looking through the array first. */
const NATIVE_FROM = 8;

function encodeArray(values: readonly Value[]): string {
  if (values.length === 0) return '[]';
  if (values.length >= NATIVE_FROM && values.every(isPlain)) {
    const text = JSON.stringify(values);
    if (isAsGoWouldWrite(text)) return text;
  }
  let text = `[${encode(values[0]!)}`;
  for (let index = 1; index < values.length; index++) {
    text += `,${encode(values[index]!)}`;
    if (text.length > MAX_TEXT_LENGTH) throw tooLong();
  }
  return `${text}]`;
}

/** Whether the engine writes a value as Go does, but for characters that {@link isAsGoWouldWrite} looks for. */
const isPlain = (value: Value): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;

/** Go escapes line separators, and a half character is U+FFFD there where the engine escapes it. */
const isAsGoWouldWrite = (text: string): boolean => !/[\u2028\u2029]/.test(text) && !text.includes('\\ud');

const shapes = new ShapeCache(encodeJsonString);

function encodeObject(object: ValueObject): string {
  const ownKeys = Object.keys(object);
  if (ownKeys.length === 0) return '{}';
  const { keys, prefixes } = shapes.of(ownKeys);
  let text = '';
  for (let index = 0; index < keys.length; index++) {
    text += prefixes[index]! + encode(object[keys[index]!]!);
    if (text.length > MAX_TEXT_LENGTH) throw tooLong();
  }
  return `${text}}`;
}

/** The keys of an object in the order Go writes them. */
export const sortedKeys = (object: ValueObject): string[] => Object.keys(object).sort(compareText);

const tooLong = (): BloblangError => new BloblangError(`JSON text exceeds the maximum of ${MAX_TEXT_LENGTH} bytes`);

/** The kinds that are held as instances of a class. */
function encodeScalarObject(value: Value & object): string {
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Float64) return encodeFloat(value);
  if (value instanceof Uint64) return value.value.toString();
  if (value instanceof Uint8Array) return `"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')}"`;
  if (value instanceof Timestamp) return encodeTimestamp(value);
  if (value instanceof AnyKeyObject) throw new BloblangError(`json: unsupported type: ${goTypeName(value)}`);
  return value instanceof Deleted || value instanceof Nothing ? 'null' : encodeObject(value as ValueObject);
}

function encodeTimestamp(timestamp: Timestamp): string {
  const text = timestamp.toString();
  if (/^\d{4}-/.test(text)) return `"${text}"`;
  throw new BloblangError('json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]');
}

function encodeFloat(float: Float64): string {
  const { value } = float;
  if (!Number.isFinite(value)) throw new UnsupportedNumberError(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return String(float instanceof Float32 ? Number(shortestFloat32(value)) : value);
}

function encodeIndented(value: Value, indent: string, newline: string): string {
  const inner = newline + indent;
  if (Array.isArray(value) && value.length > 0) {
    return `[${inner}${value.map((element) => encodeIndented(element, indent, inner)).join(`,${inner}`)}${newline}]`;
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const object = value as ValueObject;
    const keys = sortedKeys(object);
    if (keys.length === 0) return '{}';
    const entries = keys.map((key) => `${encodeJsonString(key)}: ${encodeIndented(object[key]!, indent, inner)}`);
    return `{${inner}${entries.join(`,${inner}`)}${newline}}`;
  }
  return encode(value);
}
