import { formatDigits, formatG, shortestFloat32 } from '../number/numbers.ts';
import { compareText } from '../text/order.ts';
import { quote } from '../text/quote.ts';
import { Timestamp } from '../time/timestamp.ts';
import {
  AnyKeyObject,
  DELETED,
  Float32,
  Float64,
  isObject,
  JsonNumber,
  NOTHING,
  SizedInteger,
  Uint64,
  type Value,
  type ValueObject,
} from './kinds.ts';

/** A value as Go's `%v` prints it: what error texts quote, and what `format` falls back to. */
export function toGoText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'object':
      return objectText(value);
    default:
      return String(value);
  }
}

/** A value as Go's `%#v` prints it: as one would write it in Go. */
export function goSyntaxText(value: Value): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || value instanceof JsonNumber) return quote(toGoText(value));
  if (value instanceof Uint64) return `0x${value.value.toString(16)}`;
  if (value instanceof SizedInteger) return value.size.startsWith('u') ? `0x${value.value.toString(16)}` : value.value.toString();
  if (value instanceof Uint8Array) return `[]byte{${[...value].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntaxText).join(', ')}}`;
  if (!isObject(value)) return toGoText(value);
  const entries = Object.keys(value).sort(compareText);
  return `map[string]interface {}{${entries.map((key) => `${quote(key)}:${goSyntaxText(value[key]!)}`).join(', ')}}`;
}

/** A float as `%g` prints it, with the digits that its own width needs. */
export const floatText = (value: Float64): string => (value instanceof Float32 ? formatFloat32(value.value) : formatG(value.value));

const formatFloat32 = (value: number): string =>
  Number.isFinite(value) && value !== 0 ? formatDigits(shortestFloat32(value)) : formatG(value);

function objectText(value: Value & (object | null)): string {
  if (value === null || value === DELETED || value === NOTHING) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(toGoText).join(' ')}]`;
  if (value instanceof Float64) return floatText(value);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof Uint64 || value instanceof SizedInteger) return value.value.toString();
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof AnyKeyObject) return `map[${value.entries.map(([key, entry]) => `${toGoText(key)}:${toGoText(entry)}`).join(' ')}]`;
  const object = value as ValueObject;
  const entries = Object.keys(object).sort(compareText);
  return `map[${entries.map((key) => `${key}:${toGoText(object[key]!)}`).join(' ')}]`;
}

/** Go's `time.Time.String()`: `2006-01-02 15:04:05.999999999 -0700 MST`. */
function timestampText(value: Timestamp): string {
  const seconds = value.epochSeconds;
  const { offsetSeconds, abbreviation } = value.zone.at(seconds);
  const offset = `${offsetSeconds < 0 ? '-' : '+'}${clock(Math.abs(offsetSeconds))}`;
  const local = value
    .toString()
    .replace('T', ' ')
    .replace(/(?:Z|[+-]\d\d:\d\d)$/, '');
  return `${local} ${offset} ${abbreviation === '' ? offset : abbreviation}`;
}

const clock = (seconds: number): string =>
  String(Math.trunc(seconds / 3600)).padStart(2, '0') + String(Math.trunc(seconds / 60) % 60).padStart(2, '0');
