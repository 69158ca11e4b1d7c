import { isArray, isObject, type Value } from '@sluice/values';

/** What counts as false: false, null, and whatever is empty; never a number. */
export function isFalse(value: Value): boolean {
  if (value === null || value === false || value === '') return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (isArray(left)) {
    return isArray(right) && left.length === right.length && left.every((element, index) => isEqual(element, right[index]!));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key]!, right[key]!));
}
