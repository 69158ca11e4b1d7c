import { defineMethod } from '@sluice/bloblang';
import {
  BloblangError,
  compareText,
  equals,
  isArray,
  isNull,
  isNumber,
  isObject,
  JsonNumber,
  Timestamp,
  toText,
  typeName,
  type Value,
  type ValueObject,
} from '@sluice/values';
import { type Change, toObject } from './change.ts';

type Path = readonly string[];

/** A number of a document: text that was not looked into yet, so that it also compares with text. */
const isNumberOfDocument = (value: Value): boolean => typeof value === 'number' || value instanceof JsonNumber;

function areComparable(from: Value, to: Value): boolean {
  if (isNumberOfDocument(from) && typeof to === 'string') return true;
  if (isNumberOfDocument(to) && typeof from === 'string') return true;
  return typeName(from) === typeName(to);
}

/** Whether two scalars are equal, numbers by value unless both still are the text of a document. */
function areEqual(from: Value, to: Value): boolean {
  const areComputed = isNumber(from) && isNumber(to) && !(isNumberOfDocument(from) && isNumberOfDocument(to));
  return areComputed ? equals(from, to) : toText(from) === toText(to);
}

/** Collects the differences between two values that are not null. */
function compareValues(changes: Change[], path: Path, from: Value, to: Value): void {
  if (!areComparable(from, to)) throw new BloblangError(' types do not match (cause count 0)\n');
  if (isArray(from)) compareArrays(changes, path, from, to as Value[]);
  else if (isObject(from)) compareObjects(changes, path, from, to as ValueObject);
  else if (!areEqual(from, to)) changes.push({ type: 'update', path, from, to });
}

/** Compares what stands at the same place on both sides; `undefined` for a side that has nothing there. */
function compareSlots(changes: Change[], path: Path, from: Value | undefined, to: Value | undefined): void {
  if (from === undefined) changes.push({ type: 'create', path, from: null, to: to ?? null });
  else if (to === undefined) changes.push({ type: 'delete', path, from, to: null });
  else if (isNull(from) && isNull(to)) return;
  else if (isNull(from) || isNull(to)) changes.push({ type: 'update', path, from: isNull(from) ? null : from, to: isNull(to) ? null : to });
  else compareValues(changes, path, from, to);
}

function compareObjects(changes: Change[], path: Path, from: ValueObject, to: ValueObject): void {
  const slot = (object: ValueObject, key: string): Value | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
    compareSlots(changes, [...path, key], slot(from, key), slot(to, key));
}

/** Elements that have an equal on the other side, wherever it stands, are left aside; the others are compared place by place. */
function compareArrays(changes: Change[], path: Path, from: readonly Value[], to: readonly Value[]): void {
  const removed = withoutEquals(from, to);
  const added = withoutEquals(to, from);
  const places = new Set([...removed.keys(), ...added.keys()]);
  for (const place of places) compareSlots(changes, [...path, String(place)], removed.get(place), added.get(place));
}

function withoutEquals(values: readonly Value[], others: readonly Value[]): Map<number, Value> {
  const counts = new Map<string, number>();
  for (const other of others) {
    const key = identityOf(other);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rest = new Map<number, Value>();
  values.forEach((value, place) => {
    const key = identityOf(value);
    const count = counts.get(key) ?? 0;
    if (count === 0) rest.set(place, value);
    else counts.set(key, count - 1);
  });
  return rest;
}

/** A text that is the same for values that are deeply equal and of the same types, and for no others. */
function identityOf(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(identityOf).join()}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${identityOf(value[key]!)}`).join()}}`;
  }
  if (value instanceof Timestamp) return `t${value.nanoseconds}`;
  return `${typeName(value)} ${toText(value)}`;
}

/** Without anything on the other side, each key of an object was created or deleted. */
function compareWithNothing(value: Value): Change[] {
  const remove = (path: Path, from: Value): Change => ({ type: 'delete', path, from, to: null });
  return isObject(value) ? Object.entries(value).map(([key, child]) => remove([key], child)) : [remove([], value)];
}

export const diff = defineMethod('diff', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  isPlugin: true,
  description:
    'What must change to make another value of the target: a list of objects with `Type` (`create`, `update` or `delete`), `Path`, `From` ' +
    'and `To`, in the order of their paths. Elements of an array that only moved are left out. Values of different types at the same place fail.',
  parameters: [{ name: 'other', type: 'any', description: 'The other value.' }],
  examples: [
    {
      mapping: 'root.changes = this.before.diff(this.after)',
      input: { before: { name: 'Ann', age: 41 }, after: { name: 'Ann', age: 42, city: 'Turin' } },
      output: {
        changes: [
          { From: 41, Path: ['age'], To: 42, Type: 'update' },
          { From: null, Path: ['city'], To: 'Turin', Type: 'create' },
        ],
      },
    },
    {
      mapping: 'root.changes = this.tags.diff(["a", "c"])',
      input: { tags: ['a', 'b', 'c'] },
      output: { changes: [{ From: 'b', Path: ['1'], To: null, Type: 'delete' }] },
    },
  ],
  evaluate: (value, [other]) => {
    if (isNull(value)) return null;
    const changes: Change[] = [];
    if (isNull(other)) changes.push(...compareWithNothing(value));
    else compareValues(changes, [], value, other);
    const sorted = changes.map((change) => ({ change, key: change.path.join('.') })).sort((a, b) => compareText(a.key, b.key));
    return sorted.map(({ change }) => toObject(change));
  },
});
