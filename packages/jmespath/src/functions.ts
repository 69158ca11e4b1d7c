import {
  BloblangError,
  clone,
  compareText,
  encodeJsonForHtml,
  isArray,
  isObject,
  parseFloat64,
  setKey,
  toGoText,
  type Value,
  type ValueObject,
} from '@sluice/values';
import { asDocument } from './floats.ts';
import { isEqual } from './truth.ts';

/** `&expression`, which only functions take. */
export class ExpressionReference {
  readonly evaluate: (value: Value) => Value;

  constructor(evaluate: (value: Value) => Value) {
    this.evaluate = evaluate;
  }
}

type TypeName = 'number' | 'string' | 'array' | 'object' | 'array[number]' | 'array[string]' | 'expref' | 'any';

// biome-ignore lint/suspicious/noExplicitAny: what a function is called with is checked against its types before
type Argument = any;

interface Definition {
  /** For each argument what it may be. */
  readonly args: ReadonlyArray<readonly TypeName[]>;
  /** Whether the last one may stand more than once. */
  readonly isVariadic?: boolean;
  readonly call: (...args: Argument[]) => Value;
}

const TESTS: { readonly [Name in TypeName]: (value: Value) => boolean } = {
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  array: isArray,
  object: (value) => isObject(value) && !isReference(value),
  'array[number]': (value) => isArray(value) && value.every((element) => typeof element === 'number'),
  'array[string]': (value) => isArray(value) && value.every((element) => typeof element === 'string'),
  expref: isReference,
  any: () => true,
};

function isReference(value: unknown): boolean {
  return value instanceof ExpressionReference;
}

const FUNCTIONS: Readonly<Record<string, Definition>> = {
  abs: { args: [['number']], call: Math.abs },
  avg: { args: [['array[number]']], call: (values: number[]) => sum(values) / values.length },
  ceil: { args: [['number']], call: Math.ceil },
  contains: { args: [['array', 'string'], ['any']], call: contains },
  ends_with: { args: [['string'], ['string']], call: (text: string, end: string) => text.endsWith(end) },
  floor: { args: [['number']], call: Math.floor },
  join: { args: [['string'], ['array[string]']], call: (glue: string, texts: string[]) => texts.join(glue) },
  keys: { args: [['object']], call: sortedKeys },
  length: { args: [['string', 'array', 'object']], call: lengthOf },
  map: { args: [['expref'], ['array']], call: ({ evaluate }: ExpressionReference, values: Value[]) => values.map(evaluate) },
  max: { args: [['array[number]', 'array[string]']], call: (values: Scalar[]) => extreme(values, 1) },
  max_by: { args: [['array'], ['expref']], call: (values: Value[], by: ExpressionReference) => extremeBy(values, by, 1) },
  merge: { args: [['object']], isVariadic: true, call: merge },
  min: { args: [['array[number]', 'array[string]']], call: (values: Scalar[]) => extreme(values, -1) },
  min_by: { args: [['array'], ['expref']], call: (values: Value[], by: ExpressionReference) => extremeBy(values, by, -1) },
  not_null: { args: [['any']], isVariadic: true, call: (...values: Value[]) => values.find((value) => value !== null) ?? null },
  reverse: {
    args: [['array', 'string']],
    call: (value: Value[] | string) => (isArray(value) ? value.toReversed() : [...value].reverse().join('')),
  },
  sort: { args: [['array[string]', 'array[number]']], call: (values: Scalar[]) => values.toSorted(order) },
  sort_by: { args: [['array'], ['expref']], call: sortBy },
  starts_with: { args: [['string'], ['string']], call: (text: string, start: string) => text.startsWith(start) },
  sum: { args: [['array[number]']], call: sum },
  to_array: { args: [['any']], call: (value: Value) => (isArray(value) ? value : [value]) },
  to_number: { args: [['any']], call: toNumber },
  to_string: { args: [['any']], call: (value: Value) => (typeof value === 'string' ? value : encodeJsonForHtml(asDocument(clone(value)))) },
  type: { args: [['any']], call: typeOf },
  values: { args: [['object']], call: (object: ValueObject) => sortedKeys(object).map((key) => object[key]!) },
};

/** Throws BloblangError. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : undefined;
  if (!definition) throw new BloblangError(`unknown function: ${name}`);
  const { args: expected, isVariadic = false, call } = definition;
  if (isVariadic ? args.length < expected.length : args.length !== expected.length) {
    throw new BloblangError(isVariadic ? 'Invalid arity.' : 'incorrect number of args');
  }
  for (const [place, arg] of args.entries()) {
    const types = expected[Math.min(place, expected.length - 1)]!;
    if (types.some((type) => TESTS[type](arg))) continue;
    const text = isReference(arg) ? 'an expression' : toGoText(asDocument(clone(arg)));
    throw new BloblangError(`Invalid type for: ${text}, expected: []jmespath.jpType{${types.map((type) => `"${type}"`).join(', ')}}`);
  }
  return call(...args);
}

type Scalar = number | string;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function order(a: Scalar, b: Scalar): number {
  return typeof a === 'number' ? a - (b as number) : compareText(a, b as string);
}

function sortedKeys(object: ValueObject): string[] {
  return Object.keys(object).sort(compareText);
}

function contains(where: Value[] | string, what: Value): boolean {
  if (isArray(where)) return where.some((element) => isEqual(element, what));
  return typeof what === 'string' && where.includes(what);
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return [...value].length;
  return isArray(value) ? value.length : Object.keys(value as ValueObject).length;
}

function merge(...objects: ValueObject[]): ValueObject {
  const merged: ValueObject = {};
  for (const object of objects) for (const key of Object.keys(object)) setKey(merged, key, object[key]!);
  return merged;
}

/** The first of the largest (1) or smallest (-1). */
const extreme = (values: readonly Scalar[], sign: number): Value =>
  values.reduce<Scalar | null>((best, value) => (best === null || order(value, best) * sign > 0 ? value : best), null);

function extremeBy(values: readonly Value[], { evaluate }: ExpressionReference, sign: number): Value {
  if (values.length < 2) return values[0] ?? null;
  const first = scalarKey(evaluate(values[0]!));
  let best: Value = values[0]!;
  let bestKey = first;
  for (const value of values.slice(1)) {
    const key = evaluate(value);
    if (typeof key !== typeof first) throw new BloblangError(`invalid type, must be ${typeof first}`);
    if (order(key as Scalar, bestKey) * sign <= 0) continue;
    best = value;
    bestKey = key as Scalar;
  }
  return best;
}

function sortBy(values: readonly Value[], { evaluate }: ExpressionReference): Value {
  if (values.length < 2) return [...values];
  const first = scalarKey(evaluate(values[0]!));
  const keyed = values.map((value) => ({ value, key: keyOrNothing(evaluate, value) }));
  if (keyed.some(({ key }) => typeof key !== typeof first)) throw new BloblangError('error in sort_by comparison');
  return keyed.sort((a, b) => order(a.key as Scalar, b.key as Scalar)).map(({ value }) => value);
}

function keyOrNothing(evaluate: (value: Value) => Value, value: Value): Value {
  try {
    return evaluate(value);
  } catch (error) {
    if (error instanceof BloblangError) return null;
    throw error;
  }
}

function scalarKey(key: Value): Scalar {
  if (typeof key === 'number' || typeof key === 'string') return key;
  throw new BloblangError('invalid type, must be number of string');
}

function toNumber(value: Value): Value {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  try {
    return parseFloat64(value);
  } catch (error) {
    if (error instanceof BloblangError) return null;
    throw error;
  }
}

function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}
