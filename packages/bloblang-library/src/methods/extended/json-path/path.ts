import { BloblangError, checkElements, errorText, goTypeName, isArray, isObject, sortedKeys, type Value } from '@sluice/values';
import { asBool, asInteger, asText, type Expression, type Scope } from './scope.ts';

/** A step to one value, which fails if it is not there. */
interface OneStep {
  readonly kind: 'one';
  readonly select: (value: Value, scope: Scope) => Value;
}

/** A step to any number of values. */
interface ManyStep {
  readonly kind: 'many';
  readonly select: (value: Value, scope: Scope) => Iterable<Value>;
}

export type Step = OneStep | ManyStep;

/**
 * The value at a path, or an array of all values if one of its steps leads to many; what then fails on the way is left out.
 * Throws BloblangError if there are more values than a mapping may make.
 */
export function evaluatePath(steps: readonly Step[], start: Value, scope: Scope): Value {
  if (steps.every((step) => step.kind === 'one')) return steps.reduce((value, step) => step.select(value, scope), start);
  let values: Value[] = [start];
  for (const step of steps) {
    const found: Value[] = [];
    for (const value of values) {
      for (const next of step.kind === 'one' ? selectOne(step, value, scope) : step.select(value, scope)) found.push(next);
      checkElements(found.length);
    }
    values = found;
  }
  return values;
}

function selectOne(step: OneStep, value: Value, scope: Scope): Value[] {
  try {
    return [step.select(value, scope)];
  } catch (error) {
    if (error instanceof BloblangError) return [];
    throw error;
  }
}

/** The key or place that an expression gives; within it, `@` is the value that it is a key of. */
function selectKey(key: Expression, value: Value, scope: Scope): Value {
  const inside = { root: scope.root, current: value };
  if (isArray(value)) {
    const place = placeOf(key, inside);
    if (place < 0 || place >= value.length) throw new BloblangError(`index ${place} out of bounds`);
    return value[place]!;
  }
  if (!isObject(value)) {
    throw new BloblangError(`unsupported value type ${goTypeName(value)} for select, expected map[string]interface{} or []interface{}`);
  }
  const name = asText(key(inside));
  if (!Object.hasOwn(value, name)) throw new BloblangError(`unknown key ${name}`);
  return value[name]!;
}

function placeOf(key: Expression, scope: Scope): number {
  try {
    return asInteger(key(scope));
  } catch (error) {
    throw new BloblangError(`could not select value, invalid key: ${errorText(error)}`);
  }
}

/** `.name` or `[key]` */
export const keyStep = (key: Expression): Step => ({ kind: 'one', select: (value, scope) => selectKey(key, value, scope) });

/** `(expression)` with `@` as the value so far. */
export const scriptStep = (script: Expression): Step => ({
  kind: 'one',
  select: (value, { root }) => script({ root, current: value }),
});

function childrenOf(value: Value): Value[] {
  if (isArray(value)) return value;
  return isObject(value) ? sortedKeys(value).map((key) => value[key]!) : [];
}

/** `*` */
export const starStep: Step = { kind: 'many', select: childrenOf };

/** `..`: the value and all below it, each before what it holds. */
export const descendStep: Step = {
  kind: 'many',
  select: (value) => {
    const found: Value[] = [];
    const waiting = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      found.push(next);
      checkElements(found.length);
      const children = childrenOf(next);
      for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index]!);
    }
    return found;
  },
};

/** `[key, key]`: those that are there; without a key, all. */
export function keysStep(keys: readonly Expression[]): Step {
  if (keys.length === 0) return starStep;
  const steps = keys.map((key): OneStep => ({ kind: 'one', select: (value, scope) => selectKey(key, value, scope) }));
  return { kind: 'many', select: (value, scope) => steps.flatMap((step) => selectOne(step, value, scope)) };
}

/** `[?condition]`: the children for which it is true. */
export const filterStep = (condition: Expression): Step => ({
  kind: 'many',
  select: (value, { root }) => childrenOf(value).filter((child) => holds(condition, { root, current: child })),
});

function holds(condition: Expression, scope: Scope): boolean {
  try {
    return asBool(condition(scope)) === true;
  } catch (error) {
    if (error instanceof BloblangError) return false;
    throw error;
  }
}

/** `[from:to:step]` of an array; negative places count from the end. */
export const rangeStep = (from: Expression, to: Expression, step: Expression): Step => ({
  kind: 'many',
  select: (value, { root }) => {
    if (!isArray(value)) return [];
    const inside = { root, current: value };
    try {
      return slice(value, asInteger(from(inside)), asInteger(to(inside)), asInteger(step(inside)));
    } catch (error) {
      if (error instanceof BloblangError) return [];
      throw error;
    }
  },
});

function slice(values: readonly Value[], from: number, to: number, step: number): Value[] {
  if (from > to) return [];
  const clamp = (place: number): number => (place < 0 ? Math.max(0, values.length + place) : Math.min(place, values.length));
  const [start, end] = [clamp(from), clamp(to)];
  const picked: Value[] = [];
  if (step >= 0) for (let place = start; place < end; place += step || 1) picked.push(values[place]!);
  else for (let place = end - 1; place >= start; place += step) picked.push(values[place]!);
  return picked;
}
