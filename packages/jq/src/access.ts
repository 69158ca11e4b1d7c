/** Reading parts of values: by key, by index, by slice. */
import { getKey, isArray, isObject, type Value } from '@sluice/values';
import { cannotApplyWith, failedFor, JqError } from './errors.ts';
import { floatOf, isNumeric, wholeOf } from './numbers.ts';
import { compare } from './order.ts';
import { typePreview } from './text.ts';

export const expectedObject = (value: Value): JqError => new JqError(`expected an object but got: ${typePreview(value)}`);
export const expectedArray = (value: Value): JqError => new JqError(`expected an array but got: ${typePreview(value)}`);
export const expectedKey = (key: Value): JqError => new JqError(`expected a string for object key but got: ${typePreview(key)}`);
export const expectedIndex = (of: 'an array' | 'a string', index: Value): JqError =>
  new JqError(`expected a number for indexing ${of} but got: ${typePreview(index)}`);

/** `value[key]`. Throws JqError. */
export function valueAt(value: Value, key: Value): Value {
  if (typeof key === 'string') {
    if (value === null) return null;
    if (!isObject(value)) throw expectedObject(value);
    return getKey(value, key);
  }
  if (isNumeric(key)) {
    const index = wholeOf(key)!;
    if (value === null) return null;
    if (isArray(value)) return value.at(index) ?? null;
    if (typeof value === 'string') return [...value].at(index) ?? null;
    throw expectedArray(value);
  }
  if (isArray(key)) {
    if (value === null) return null;
    if (!isArray(value)) throw expectedArray(value);
    return placesOf(key, value);
  }
  if (isObject(key)) {
    const [from, to] = boundsIn(key);
    return value === null ? null : sliceOf(value, from, to);
  }
  if (isArray(value)) throw expectedIndex('an array', key);
  throw typeof value === 'string' ? expectedIndex('a string', key) : expectedKey(key);
}

/** The `start` and `end` of a slice as paths hold it. */
export function boundsIn(slice: { readonly [key: string]: Value }): [from: Value, to: Value] {
  if (!Object.hasOwn(slice, 'start') || !Object.hasOwn(slice, 'end')) {
    throw new JqError(`expected "start" and "end" for slicing but got: ${typePreview(slice)}`);
  }
  return [slice['start']!, slice['end']!];
}

/** `value[from:to]`. Throws JqError. */
export function sliceOf(value: Value, from: Value, to: Value): Value {
  if (value === null) return null;
  if (isArray(value)) return value.slice(...placesFor(from, to, value.length, 'an array'));
  if (typeof value !== 'string') throw expectedArray(value);
  const characters = [...value];
  return characters.slice(...placesFor(from, to, characters.length, 'a string')).join('');
}

export function placesFor(from: Value, to: Value, length: number, of: 'an array' | 'a string'): [start: number, end: number] {
  const start = from === null ? 0 : clamped(wholeOf(from) ?? fail(expectedIndex(of, from)), 0, length);
  const end = to === null ? length : clamped(ceiled(to) ?? fail(expectedIndex(of, to)), start, length);
  return [start, end];
}

const ceiled = (value: Value): number | undefined => {
  const number = floatOf(value);
  return number === undefined ? undefined : wholeOf(Math.ceil(number));
};

function clamped(index: number, least: number, length: number): number {
  const place = index < 0 ? index + length : index;
  return Math.max(least, Math.min(place, length));
}

function fail(error: JqError): never {
  throw error;
}

/** Where an array begins in another one. */
export function placesOf(what: readonly Value[], where: readonly Value[]): number[] {
  const places: number[] = [];
  if (what.length === 0) return places;
  for (let place = 0; place <= where.length - what.length; place++) {
    if (what.every((element, index) => compare(where[place + index]!, element) === 0)) places.push(place);
  }
  return places;
}

/** What is at a path. Throws JqError. */
export function valueAtPath(value: Value, path: Value): Value {
  if (!isArray(path)) throw cannotApplyWith('getpath', value, path);
  return path.reduce<Value>((found, key) => {
    if (found !== null && !isArray(found) && !isObject(found)) throw cannotApplyWith('getpath', value, path);
    try {
      return valueAt(found, key);
    } catch (error) {
      throw error instanceof JqError ? failedFor('getpath', value, [path], error.message) : error;
    }
  }, value);
}
