import { defineMethod, defineVariadicMethod, type Query } from '@sluice/bloblang';
import {
  BloblangError,
  checkElements,
  compareText,
  formatPath,
  getPath,
  getString,
  hasPath,
  isArray,
  isObject,
  type Path,
  parsePath,
  setKey,
  typeName,
  type Value,
  type ValueObject,
  wrapError,
} from '@sluice/values';

const PATH = { name: 'path', type: 'string', description: 'The path, with dots.' } as const;

export const get = defineMethod('get', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'What is at a path within the target; null if there is nothing.',
  parameters: [PATH],
  examples: [{ mapping: 'root.v = this.doc.get(this.wanted)', input: { doc: { a: { b: 1 } }, wanted: 'a.b' }, output: { v: 1 } }],
  bind: (target, [text]) => (target.at ?? ((path) => below(target, path)))(parsePath(text)),
});

const below = (target: Query, path: Path): Query => ({
  annotation: `path \`${formatPath(path)}\``,
  evaluate: (context) => getPath(target.evaluate(context), path),
  at: (further) => below(target, [...path, ...further]),
});

export const exists = defineMethod('exists', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Whether there is anything at a path within the target, be it null.',
  parameters: [PATH],
  examples: [
    { mapping: 'root.found = this.exists("a.b")', input: { a: { b: null } }, output: { found: true } },
    { mapping: 'root.found = this.exists("a.c")', input: { a: { b: null } }, output: { found: false } },
  ],
  prepare: ([text]) => {
    const path = parsePath(text);
    return (value) => hasPath(value, path);
  },
});

export const keys = defineMethod('keys', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The keys of an object, sorted.',
  receiver: 'object',
  examples: [{ mapping: 'root.keys = this.keys()', input: { b: 1, a: 2 }, output: { keys: ['a', 'b'] } }],
  evaluate: (object) => Object.keys(object).sort(compareText),
});

export const values = defineMethod('values', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The values of an object, in no particular order.',
  receiver: 'object',
  examples: [{ mapping: 'root.values = this.values().sort()', input: { b: 1, a: 2 }, output: { values: [1, 2] } }],
  evaluate: (object) => Object.values(object),
});

export const keyValues = defineMethod('key_values', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The entries of an object as objects `{"key", "value"}`, in no particular order.',
  receiver: 'object',
  examples: [
    {
      mapping: 'root = this.key_values().sort_by(e -> e.key)',
      input: { b: 1, a: 2 },
      output: [
        { key: 'a', value: 2 },
        { key: 'b', value: 1 },
      ],
    },
  ],
  evaluate: (object) => Object.entries(object).map(([key, value]) => ({ key, value })),
});

export const withMethod = defineVariadicMethod('with', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The object with nothing but what is at the paths given.',
  isPlugin: true,
  receiver: 'object',
  examples: [{ mapping: 'root = this.with("in.a", "d")', input: { in: { a: 1, b: 2 }, d: 3, e: 4 }, output: { in: { a: 1 }, d: 3 } }],
  prepare: (args) => {
    const paths = args.map(pathArgument);
    return (object) => keepOnly(object, paths);
  },
});

export const without = defineVariadicMethod('without', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The object without what is at the paths given.',
  receiver: 'object',
  examples: [{ mapping: 'root = this.without("in.a", "d")', input: { in: { a: 1, b: 2 }, d: 3, e: 4 }, output: { in: { b: 2 }, e: 4 } }],
  prepare: (args) => {
    const paths = args.map(pathArgument);
    return (object) => leaveOut(object, paths);
  },
});

function pathArgument(value: Value, place: number): Path {
  try {
    return parsePath(getString(value));
  } catch (error) {
    throw wrapError(`argument ${place}`, error);
  }
}

const restOf = (paths: readonly Path[], key: string): Path[] => paths.filter(([first]) => first === key).map((path) => path.slice(1));

function keepOnly(object: ValueObject, paths: readonly Path[]): ValueObject {
  const kept: ValueObject = {};
  for (const key of Object.keys(object)) {
    const all = restOf(paths, key);
    const inner = all.filter((path) => path.length > 0);
    const value = object[key]!;
    if (all.length > 0) setKey(kept, key, inner.length > 0 && isObject(value) ? keepOnly(value, inner) : value);
  }
  return kept;
}

function leaveOut(object: ValueObject, paths: readonly Path[]): ValueObject {
  const kept: ValueObject = {};
  for (const key of Object.keys(object)) {
    const inner = restOf(paths, key);
    if (inner.some((path) => path.length === 0)) continue;
    const value = object[key]!;
    setKey(kept, key, inner.length > 0 && isObject(value) ? leaveOut(value, inner) : value);
  }
  return kept;
}

export const explode = defineMethod('explode', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'A copy of the object for each element of an array (or each value of an object) at a path, with that element in its place.',
  receiver: 'object',
  parameters: [PATH],
  examples: [
    {
      mapping: 'root = this.explode("v")',
      input: { id: 1, v: ['a', 'b'] },
      output: [
        { id: 1, v: 'a' },
        { id: 1, v: 'b' },
      ],
    },
    { mapping: 'root = this.explode("v")', input: { id: 1, v: { x: 2, y: 3 } }, output: { x: { id: 1, v: 2 }, y: { id: 1, v: 3 } } },
  ],
  prepare: ([text]) => {
    const path = parsePath(text);
    return (object) => {
      const found = getPath(object, path);
      const rest = leaveOut(object, [path]);
      const copyWith = (value: Value): Value => withPath(rest, path, value);
      if (isArray(found) || isObject(found)) checkElements(Object.keys(found).length * Object.keys(rest).length);
      if (isArray(found)) return found.map(copyWith);
      if (!isObject(found)) throw new BloblangError(`expected array or object value at path '${text}', found: ${typeName(found)}`);
      const copies: ValueObject = {};
      for (const key of Object.keys(found)) setKey(copies, key, copyWith(found[key]!));
      return copies;
    };
  },
});

/** The object with a value at a path; what the path does not lead through is shared with the original. */
function withPath(object: ValueObject, [key, ...rest]: Path, value: Value): ValueObject {
  const copied = { ...object };
  const child = Object.hasOwn(object, key!) ? object[key!]! : null;
  if (rest.length === 0) setKey(copied, key!, value);
  else if (child === null || isObject(child)) setKey(copied, key!, withPath(child ?? {}, rest, value));
  return copied;
}
