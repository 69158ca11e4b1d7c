import {
  BloblangError,
  DELETED,
  decodeText,
  goTypeName,
  NIL_ARRAY,
  NOTHING,
  setKey,
  type Value,
  type ValueObject,
  wrapError,
} from '@sluice/values';
import type { Context, Evaluate } from '../query/context.ts';
import type { ArrayExpression, ObjectExpression } from '../syntax/ast.ts';

type Compile = (expression: ArrayExpression['elements'][number]) => Evaluate;

/** Whether an array or object literal leaves the value out. */
export const isDropped = (value: Value): boolean => value === DELETED || value === NOTHING;

export function compileArray({ elements }: ArrayExpression, compile: Compile): Evaluate {
  const evaluates = elements.map(compile);
  return (context) => {
    const values: Value[] = [];
    for (const evaluate of evaluates) {
      const value = evaluate(context);
      if (!isDropped(value)) values.push(value);
    }
    return values.length === 0 ? NIL_ARRAY : values;
  };
}

export function compileObject({ entries }: ObjectExpression, compile: Compile): Evaluate {
  const fixed = entries.flatMap(({ key, value }) => (typeof key === 'string' ? [{ key, value: compile(value) }] : []));
  if (new Set(fixed.map(({ key }) => key)).size === entries.length) return compileFixedObject(fixed);
  const compiled = entries.map(({ key, value }) => ({
    key: typeof key === 'string' ? key : dynamicKey(compile(key)),
    value: compile(value),
  }));
  return (context) => {
    const object: ValueObject = {};
    for (const { key, value } of compiled) {
      const name = typeof key === 'string' ? key : key(context);
      const field = fieldValue(name, value, context);
      if (!isDropped(field)) setKey(object, name, field);
    }
    return object;
  };
}

/** An object whose keys are known and differ is a copy of one that has them all, so that they need not be added one by one. */
function compileFixedObject(fields: ReadonlyArray<{ readonly key: string; readonly value: Evaluate }>): Evaluate {
  const template: ValueObject = {};
  for (const { key } of fields) setKey(template, key, null);
  return (context) => {
    const object = { ...template };
    for (const { key, value } of fields) {
      const field = fieldValue(key, value, context);
      if (isDropped(field)) delete object[key];
      else object[key] = field;
    }
    return object;
  };
}

function fieldValue(name: string, evaluate: Evaluate, context: Context): Value {
  try {
    return evaluate(context);
  } catch (error) {
    throw wrapError(`failed to resolve '${name}' value`, error);
  }
}

export const dynamicKey =
  (evaluate: Evaluate) =>
  (context: Context): string => {
    let key: Value;
    try {
      key = evaluate(context);
    } catch (error) {
      throw wrapError('failed to resolve key', error);
    }
    if (typeof key === 'string') return key;
    if (key instanceof Uint8Array) return decodeText(key);
    throw new BloblangError(`mapping returned invalid key type: ${goTypeName(key)}`);
  };
