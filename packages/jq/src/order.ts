import { compareText, isArray, isObject, sortedKeys, type Value, type ValueObject } from '@sluice/values';
import { type JqNumber, numberOf } from './numbers.ts';

/** Below 0, 0 or above it. Null is before false, true, numbers, strings, arrays and objects. */
export function compare(left: Value, right: Value): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return compareNumbers(a, b);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (isArray(left) && isArray(right)) return compareArrays(left, right);
  if (isObject(left) && isObject(right)) return compareObjects(left, right);
  return rankOf(left) - rankOf(right);
}

/** NaN is smaller than any number, itself included. */
function compareNumbers(a: JqNumber, b: JqNumber): number {
  if (a < b || Number.isNaN(a)) return -1;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number may be the same number
  return a == b ? 0 : 1;
}

function compareArrays(left: readonly Value[], right: readonly Value[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compare(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: ValueObject, right: ValueObject): number {
  const keys = sortedKeys(left);
  const order = compareArrays(keys, sortedKeys(right));
  if (order !== 0) return order;
  for (const key of keys) {
    const inner = compare(left[key]!, right[key]!);
    if (inner !== 0) return inner;
  }
  return 0;
}

function rankOf(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 2 : 1;
  if (typeof value === 'string') return 4;
  if (isArray(value)) return 5;
  return isObject(value) ? 6 : 3;
}
