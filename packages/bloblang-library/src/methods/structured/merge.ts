import { defineMethod } from '@sluice/bloblang';
import {
  BloblangError,
  checkElements,
  clone,
  isArray,
  isObject,
  NIL_ARRAY,
  setKey,
  type Value,
  type ValueObject,
  ValueTypeError,
} from '@sluice/values';

type Collide = (existing: Value, added: Value) => Value;

/** Both values in one array; what is an array already gives its elements. */
const collect: Collide = (existing, added) => {
  const both = [...(isArray(existing) ? existing : [existing]), ...(isArray(added) ? added : [added])];
  checkElements(both.length);
  return both;
};

const replace: Collide = (_, added) => added;

/** Puts the fields of an object into another one, which is changed; objects that meet are merged in turn. */
function mergeInto(object: ValueObject, added: ValueObject, collide: Collide): void {
  for (const key of Object.keys(added)) {
    const value = added[key]!;
    if (!Object.hasOwn(object, key)) {
      setKey(object, key, value);
      continue;
    }
    const existing = object[key]!;
    if (isObject(existing) && isObject(value)) mergeInto(existing, value, collide);
    else setKey(object, key, collide(existing, value));
  }
}

function combine(left: Value, right: Value, annotation: string, collide: Collide): Value {
  if (isArray(left)) {
    const added = clone(right);
    if (left === NIL_ARRAY && isArray(added) && added.length === 0) return NIL_ARRAY;
    checkElements(left.length + (isArray(added) ? added.length : 1));
    return isArray(added) ? [...left, ...added] : [...left, added];
  }
  if (!isObject(left)) throw new ValueTypeError(left, ['object', 'array'], annotation);
  const merged = clone(left) as ValueObject;
  if (isObject(right)) mergeInto(merged, clone(right) as ValueObject, collide);
  return merged;
}

const WITH = { name: 'with', type: 'any', description: 'What to add.' } as const;

export const merge = defineMethod('merge', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Two objects in one; where both have a value for a key, an array holds both. Two arrays are put behind each other.',
  parameters: [WITH],
  examples: [
    { mapping: 'root = this.a.merge(this.b)', input: { a: { x: 1, y: 2 }, b: { y: 3, z: 4 } }, output: { x: 1, y: [2, 3], z: 4 } },
    { mapping: 'root.all = this.a.merge(this.b)', input: { a: [1], b: [2, 3] }, output: { all: [1, 2, 3] } },
  ],
  bind:
    (target, [other]) =>
    (context) =>
      combine(target.evaluate(context), other, target.annotation, collect),
});

export const assign = defineMethod('assign', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Two objects in one; where both have a value for a key, that of the argument wins. Two arrays are put behind each other.',
  parameters: [WITH],
  examples: [
    {
      mapping: 'root = this.a.assign(this.b)',
      input: { a: { x: 1, y: { p: 2 } }, b: { y: { q: 3 }, x: 4 } },
      output: { x: 4, y: { p: 2, q: 3 } },
    },
  ],
  bind:
    (target, [other]) =>
    (context) =>
      combine(target.evaluate(context), other, target.annotation, replace),
});

export const squash = defineMethod('squash', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The objects of an array in one, as `merge` does it.',
  isPlugin: true,
  receiver: 'array',
  examples: [{ mapping: 'root = this.squash()', input: [{ a: [1] }, { b: 2 }, { a: [3] }], output: { a: [1, 3], b: 2 } }],
  evaluate: (values) => {
    const squashed: ValueObject = {};
    for (const value of values) {
      if (isObject(value)) mergeInto(squashed, clone(value) as ValueObject, collect);
    }
    return squashed;
  },
});

export const collapse = defineMethod('collapse', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'All values within an object or array in one flat object whose keys are their paths. Empty objects and arrays are left out.',
  parameters: [{ name: 'include_empty', type: 'bool', default: false, description: 'Keep empty objects and arrays as they are.' }],
  examples: [
    { mapping: 'root = this.collapse()', input: { a: [{ b: 1 }, { b: {} }] }, output: { 'a.0.b': 1 } },
    { mapping: 'root = this.collapse(include_empty: true)', input: { a: [{ b: 1 }, { b: {} }] }, output: { 'a.0.b': 1, 'a.1.b': {} } },
  ],
  evaluate: (value, [keepsEmpty]) => {
    if (!isArray(value) && !isObject(value)) throw new BloblangError('not an object or array');
    const flat: ValueObject = {};
    flatten(value, '', keepsEmpty, flat);
    return flat;
  },
});

function flatten(value: Value, path: string, keepsEmpty: boolean, flat: ValueObject): void {
  if (!isArray(value) && !isObject(value)) {
    setKey(flat, path, value);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0 && keepsEmpty) setKey(flat, path, value);
  for (const [key, child] of entries) flatten(child, path === '' ? key : `${path}.${key}`, keepsEmpty, flat);
}
