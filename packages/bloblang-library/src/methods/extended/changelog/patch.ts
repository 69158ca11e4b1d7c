import { defineMethod } from '@sluice/bloblang';
import { BloblangError, clone, isArray, isNull, isObject, setKey, typeName, type Value, type ValueObject } from '@sluice/values';
import { type Change, readChanges } from './change.ts';

/** An array that changes: places count as they did before, so what goes and what comes waits until the end. */
interface ArrayEdit {
  readonly deleted: Set<number>;
  readonly created: { readonly place: number; readonly value: Value }[];
}

/** Applies changes to a value in place where it can; the value must have no other owner. */
class Patcher {
  private root: Value;
  private readonly edits = new Map<Value[], ArrayEdit>();

  constructor(root: Value) {
    this.root = root;
  }

  apply(change: Change): void {
    const { type, path, to } = change;
    if (type !== 'create' && type !== 'update' && type !== 'delete') return;
    const last = path.at(-1);
    if (last === undefined) {
      if (type !== 'delete') this.root = clone(to);
      return;
    }
    const parent = this.parentOf(path, type);
    if (parent === undefined) return;
    if (isArray(parent)) this.applyToArray(parent, change, last);
    else if (type === 'delete') delete parent[last];
    else setKey(parent, last, clone(to));
  }

  finish(): Value {
    for (const [array, { deleted, created }] of this.edits) {
      const kept = array.filter((_, place) => !deleted.has(place));
      created.sort((a, b) => a.place - b.place);
      for (const { place, value } of created) kept.splice(Math.min(place, kept.length), 0, value);
      array.splice(0, array.length);
      for (const value of kept) array.push(value);
    }
    return this.root;
  }

  /** What holds the last segment. Missing objects are made, unless something is to be deleted from them. */
  private parentOf(path: Change['path'], type: string): ValueObject | Value[] | undefined {
    let parent: Value = this.root;
    for (const [depth, segment] of path.slice(0, -1).entries()) {
      const child: Value | undefined = childOf(parent, segment, path, depth);
      if (child === undefined || isNull(child)) {
        if (type === 'delete' || isArray(parent)) return undefined;
        const made: ValueObject = {};
        setKey(parent as ValueObject, segment, made);
        parent = made;
      } else {
        parent = child;
      }
    }
    if (isArray(parent) || isObject(parent)) return parent;
    throw unreachable(path, path.length - 1, parent);
  }

  private applyToArray(array: Value[], { type, path, to }: Change, segment: string): void {
    const place = placeOf(segment, path);
    if (type === 'create') this.editOf(array).created.push({ place, value: clone(to) });
    else if (type === 'delete') this.editOf(array).deleted.add(place);
    else if (place < array.length) array[place] = clone(to);
    else this.editOf(array).created.push({ place, value: clone(to) });
  }

  private editOf(array: Value[]): ArrayEdit {
    const edit = this.edits.get(array) ?? { deleted: new Set(), created: [] };
    this.edits.set(array, edit);
    return edit;
  }
}

function childOf(parent: Value, segment: string, path: Change['path'], depth: number): Value | undefined {
  if (isArray(parent)) return parent[placeOf(segment, path)];
  if (isObject(parent)) return Object.hasOwn(parent, segment) ? parent[segment] : undefined;
  throw unreachable(path, depth, parent);
}

function placeOf(segment: string, path: Change['path']): number {
  if (/^\d{1,9}$/.test(segment)) return Number(segment);
  throw new BloblangError(`unable to apply a change at path ${path.join('.')}: invalid index in path. ${segment} is not a number`);
}

const unreachable = (path: Change['path'], depth: number, value: Value): BloblangError =>
  new BloblangError(
    `unable to apply a change at path ${path.join('.')}: what is at '${path.slice(0, depth).join('.')}' is of type ${typeName(value)}`,
  );

export const patch = defineMethod('patch', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  isPlugin: true,
  description:
    'The target after the changes of a changelog, as `diff` makes them. Places in arrays count as in the target before any change for ' +
    'what is updated or deleted, and as in the result for what is created.',
  parameters: [{ name: 'changelog', type: 'any', description: 'A list of objects with `Type`, `Path` and `To`.' }],
  examples: [
    {
      mapping: 'root = this.now.patch(this.changes)',
      input: {
        now: { name: 'Ann', age: 41 },
        changes: [
          { Type: 'update', Path: ['age'], From: 41, To: 42 },
          { Type: 'create', Path: ['city'], From: null, To: 'Turin' },
        ],
      },
      output: { age: 42, city: 'Turin', name: 'Ann' },
    },
    {
      mapping: 'root = this.old.patch(this.old.diff(this.new))',
      input: { old: { tags: ['a', 'b', 'c'] }, new: { tags: ['a', 'c', 'd', 'e'] } },
      output: { tags: ['a', 'c', 'd', 'e'] },
    },
  ],
  prepare: ([changelog]) => {
    const changes = readChanges(changelog);
    return (value) => {
      if (isNull(value)) return null;
      const patcher = new Patcher(clone(value));
      for (const change of changes) patcher.apply(change);
      return patcher.finish();
    };
  },
});
