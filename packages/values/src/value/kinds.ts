/**
 * How Bloblang values are held in JavaScript.
 *
 * | Bloblang            | here |
 * |---------------------|------|
 * | null, bool, string  | `null`, `boolean`, `string` (a byte that is not UTF-8 is a lone surrogate U+DC80–U+DCFF) |
 * | bytes               | `Uint8Array` |
 * | number of a JSON document | `number` if `String(n)` is the very text that was read, else {@link JsonNumber} |
 * | int64, uint64       | `bigint`, {@link Uint64} |
 * | int8 … uint32       | {@link SizedInteger} |
 * | float64, float32    | {@link Float64}, {@link Float32} |
 * | timestamp           | `Timestamp` |
 * | array, object       | `Array`, plain object (own properties only) |
 * | object with other keys | {@link AnyKeyObject} |
 * | deleted(), nothing()| {@link DELETED}, {@link NOTHING} |
 *
 * The number kinds stay apart because their text, wrapping and comparison differ.
 */
import { Timestamp } from '../time/timestamp.ts';

/** A number of a JSON document whose text a plain `number` would not print again: `1.0`, `1e3`, 30 digits. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An unsigned 64-bit integer; `value` is always within range. */
export class Uint64 {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export type IntegerSize = 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32';

/**
 * An integer of less than 64 bits, as `int32()` and its relatives make it; `value` is always within range. The original has neither an
 * addition for it on the left, nor a rounding.
 */
export class SizedInteger {
  readonly value: bigint;
  readonly size: IntegerSize;

  constructor(value: bigint, size: IntegerSize) {
    this.value = value;
    this.size = size;
  }
}

/** A computed 64-bit float. */
export class Float64 {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A float that prints with the digits a 32-bit float needs, and counts like any other float. */
export class Float32 extends Float64 {
  constructor(value: number) {
    super(Math.fround(value));
  }
}

/** An object whose keys are not all text, as YAML may have them. Nothing but `format_yaml` can look into it, and JSON has no form for it. */
export class AnyKeyObject {
  readonly entries: readonly (readonly [Value, Value])[];

  constructor(entries: readonly (readonly [Value, Value])[]) {
    this.entries = entries;
  }
}

class Sentinel {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }
}

/** The result of `deleted()`: the target of the assignment goes away. */
export class Deleted extends Sentinel {}
/** The result of `nothing()` and of an `if` or `match` without a branch: the assignment is skipped. */
export class Nothing extends Sentinel {}

export const DELETED = new Deleted('delete');
export const NOTHING = new Nothing('nothing');

/**
 * The array that the literal `[]` makes, and one whose elements are all left out. The original holds it as a nil slice: as text it is
 * `null`, and a copy of it is an empty array like any other.
 */
export const NIL_ARRAY: Value[] = Object.freeze([]) as unknown as Value[];

export interface ValueObject {
  [key: string]: Value;
}

export type NumberValue = number | JsonNumber | bigint | Uint64 | SizedInteger | Float64;

export type Value =
  | null
  | boolean
  | string
  | NumberValue
  | Uint8Array
  | Timestamp
  | Value[]
  | ValueObject
  | AnyKeyObject
  | Deleted
  | Nothing;

/** The names errors use, and `type()` returns. */
export type TypeName =
  | 'string'
  | 'bytes'
  | 'number'
  | 'bool'
  | 'timestamp'
  | 'array'
  | 'object'
  | 'null'
  | 'delete'
  | 'nothing'
  | 'query expression'
  | 'unknown'
  | 'integer'
  | 'float';

export function typeName(value: Value): TypeName {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'bool';
    case 'object':
      return objectTypeName(value);
    default:
      return 'unknown';
  }
}

function objectTypeName(value: Value & (object | null)): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isNumberObject(value)) return 'number';
  if (value instanceof Uint8Array) return 'bytes';
  if (value === DELETED) return 'delete';
  if (value === NOTHING) return 'nothing';
  if (value instanceof AnyKeyObject) return 'unknown';
  return value instanceof Timestamp ? 'timestamp' : 'object';
}

const isNumberObject = (value: object): value is JsonNumber | Uint64 | SizedInteger | Float64 =>
  value instanceof Float64 || value instanceof JsonNumber || value instanceof Uint64 || value instanceof SizedInteger;

export const isArray = (value: Value): value is Value[] => Array.isArray(value);

/** Whether a value is an object of the language, not one of our number or time classes. */
export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  (Object.getPrototypeOf(value) === Object.prototype || typeName(value) === 'object');

export const isNumber = (value: Value): value is NumberValue =>
  typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'object' && value !== null && isNumberObject(value));

/** Null, and the two sentinels that become null when forced. */
export const isNull = (value: Value): value is null | Deleted | Nothing => value === null || value === DELETED || value === NOTHING;

/** Reads a key of an object. Never reaches a prototype; a key that is not there is null. */
export const getKey = (object: ValueObject, key: string): Value => (Object.hasOwn(object, key) ? (object[key] as Value) : null);

/** Writes a key of an object; `__proto__` becomes an ordinary key. */
export function setKey(object: ValueObject, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
