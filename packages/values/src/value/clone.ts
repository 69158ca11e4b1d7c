import { checkElements } from '../limits.ts';
import { isObject, setKey, type Value, type ValueObject } from './kinds.ts';

/**
 * A copy that shares no array and no object with the original. Throws BloblangError if it would have more nodes than a mapping may
 * make, since a value that holds itself twice doubles with every copy.
 */
export function clone(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  return copy(value, { nodes: 0 });
}

interface Budget {
  nodes: number;
}

function copy(value: Value, budget: Budget): Value {
  if (Array.isArray(value)) return copyArray(value, budget);
  return isObject(value) ? copyObject(value, budget) : value;
}

function copyArray(values: Value[], budget: Budget): Value[] {
  spend(budget, values.length);
  const copied = values.slice();
  for (let index = 0; index < copied.length; index++) {
    const value = copied[index]!;
    if (typeof value === 'object' && value !== null) copied[index] = copy(value, budget);
  }
  return copied;
}

function copyObject(object: ValueObject, budget: Budget): ValueObject {
  const copied = { ...object };
  const keys = Object.keys(copied);
  spend(budget, keys.length);
  for (const key of keys) {
    const value = copied[key]!;
    if (typeof value === 'object' && value !== null) setKey(copied, key, copy(value, budget));
  }
  return copied;
}

function spend(budget: Budget, nodes: number): void {
  budget.nodes += nodes + 1;
  checkElements(budget.nodes);
}
