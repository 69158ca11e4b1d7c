import { isArray, isObject, setKey, sortedKeys, type Value, type ValueObject } from '@sluice/values';
import { placesOf } from '../access.ts';
import { cannotApply, cannotApplyWith, failedFor, JqError } from '../errors.ts';
import { floatOf, isNumeric, numberOf, wholeOf } from '../numbers.ts';
import { operate } from '../operators.ts';
import { compare } from '../order.ts';
import { preview, toJson, typeOf, typePreview } from '../text.ts';
import { Update } from '../update.ts';
import type { Natives } from './native.ts';

export const collections: Natives = {
  'type/0': typeOf,
  'length/0': lengthOf,
  'keys/0': keysOf,
  'has/1': (value, [key]) => has(value, key!),
  'to_entries/0': toEntries,
  'from_entries/0': fromEntries,
  'add/0': (value) => valuesOf(value, 'add').reduce<Value>((sum, each) => operate('+', sum, each), null),
  'reverse/0': (value) => (isArray(value) ? value.toReversed() : fail(cannotApply('reverse', value))),
  'contains/1': (value, [part]) => contains(value, part!),
  'indices/1': (value, [what]) => indices('indices', value, what!),
  'index/1': (value, [what]) => (indices('index', value, what!) as Value[] | null)?.[0] ?? null,
  'rindex/1': (value, [what]) => (indices('rindex', value, what!) as Value[] | null)?.at(-1) ?? null,
  'flatten/0': (value) => flattened(valuesOf(value, 'flatten'), Number.POSITIVE_INFINITY),
  'flatten/1': (value, [depth]) => flatten(value, depth!),
  'join/1': (value, [separator]) => join(value, separator!),
  'transpose/0': transpose,
  'setpath/2': (value, [path, to]) => {
    const update = new Update(value);
    update.set(path!, to!);
    return update.value;
  },
  'delpaths/1': (value, [paths]) => {
    const update = new Update(value);
    update.delete(paths!);
    return update.value;
  },
  'env/0': () => ({}),
  'toboolean/0': (value) => {
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw typeof value === 'string' ? failedFor('toboolean', value, [], 'invalid boolean') : cannotApply('toboolean', value);
  },
};

function fail(error: JqError): never {
  throw error;
}

function valuesOf(value: Value, name: string): Value[] {
  if (isArray(value)) return value;
  if (isObject(value)) return sortedKeys(value).map((key) => value[key]!);
  throw cannotApply(name, value);
}

function lengthOf(value: Value): Value {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  const number = numberOf(value);
  if (number === undefined) throw cannotApply('length', value);
  return number < 0 ? -number : value;
}

function keysOf(value: Value): Value {
  if (isArray(value)) return value.map((_, place) => place);
  return isObject(value) ? sortedKeys(value) : fail(cannotApply('keys', value));
}

function has(value: Value, key: Value): boolean {
  const index = isNumeric(key) ? wholeOf(key)! : undefined;
  if (isArray(value) && index !== undefined) return index >= 0 && index < value.length;
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  return value === null ? false : fail(cannotApplyWith('has', value, key));
}

function toEntries(value: Value): Value {
  if (isArray(value)) return value.map((element, key) => ({ key, value: element }));
  return isObject(value) ? sortedKeys(value).map((key) => ({ key, value: value[key]! })) : fail(cannotApply('to_entries', value));
}

function fromEntries(value: Value): Value {
  if (!isArray(value)) throw cannotApply('from_entries', value);
  const object: ValueObject = {};
  for (const entry of value) {
    if (!isObject(entry)) throw cannotApply('from_entries', entry);
    const key = ['key', 'Key', 'name', 'Name'].map((name) => ownOf(entry, name) ?? null).find((each) => each !== null && each !== false);
    if (typeof key !== 'string') {
      throw failedFor('from_entries', value, [], `expected a string for object key but got: ${typePreview(key ?? null)}`);
    }
    setKey(object, key, ownOf(entry, 'value') ?? ownOf(entry, 'Value') ?? null);
  }
  return object;
}

const ownOf = (object: ValueObject, key: string): Value | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);

function contains(value: Value, part: Value): boolean {
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part);
  if (isArray(value) && isArray(part)) return part.every((each) => value.some((element) => isContained(element, each)));
  if (isObject(value) && isObject(part)) {
    return Object.keys(part).every((key) => Object.hasOwn(value, key) && isContained(value[key]!, part[key]!));
  }
  if (typeOf(value) === typeOf(part)) return compare(value, part) === 0;
  throw cannotApplyWith('contains', numberOf(value) ?? value, numberOf(part) ?? part);
}

/** Values of two types do not contain each other, within others. */
const isContained = (value: Value, part: Value): boolean => typeOf(value) === typeOf(part) && contains(value, part);

function indices(name: string, value: Value, what: Value): Value {
  if (value === null) return null;
  if (isArray(value)) return placesOf(isArray(what) ? what : [what], value);
  if (typeof value === 'string' && typeof what === 'string') return placesOf([...what], [...value]);
  throw cannotApplyWith(name, value, what);
}

function flatten(value: Value, depth: Value): Value {
  const values = valuesOf(value, 'flatten');
  const levels = floatOf(depth);
  if (levels === undefined) throw cannotApply('flatten', depth);
  if (levels < 0) throw new JqError(`flatten depth should not be negative: ${preview(levels)}`);
  return flattened(values, levels);
}

const flattened = (values: readonly Value[], levels: number): Value[] =>
  levels === 0 ? [...values] : values.flatMap((each) => (isArray(each) ? flattened(each, levels - 1) : [each]));

function join(value: Value, separator: Value): string {
  const values = isArray(value) || isObject(value) ? valuesOf(value, 'join') : fail(cannotApplyWith('join', value, separator));
  if (values.length > 1 && typeof separator !== 'string') throw cannotApplyWith('join', value, separator);
  const joined = values.map((each) => {
    if (each === null) return '';
    if (typeof each === 'string') return each;
    if (isArray(each) || isObject(each)) throw new JqError(`join cannot be applied to an array including: ${typePreview(each)}`);
    return toJson(each);
  });
  return joined.join(typeof separator === 'string' ? separator : '');
}

function transpose(value: Value): Value {
  if (!isArray(value)) throw cannotApply('transpose', value);
  const rows = value.map((each) => (isArray(each) ? each : fail(cannotApply('transpose', value))));
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: width }, (_, column) => rows.map((each) => each[column] ?? null));
}
