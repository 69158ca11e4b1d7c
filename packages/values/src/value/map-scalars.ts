import { setKey, type Value, type ValueObject } from './kinds.ts';

/**
 * Changes every scalar within a value in place, and returns the value, which must have no other owner. Uses its own stack, because
 * documents nest deeper than calls can.
 */
export function mapScalars(value: Value, change: (scalar: Value) => Value): Value {
  if (!isContainer(value)) return change(value);
  const open = [value];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    if (Array.isArray(parent)) {
      for (let index = 0; index < parent.length; index++) {
        const child = parent[index]!;
        if (isContainer(child)) open.push(child);
        else parent[index] = change(child);
      }
    } else {
      for (const key of Object.keys(parent)) {
        const child = parent[key]!;
        if (isContainer(child)) open.push(child);
        else setKey(parent, key, change(child));
      }
    }
  }
  return value;
}

const isContainer = (value: Value): value is Value[] | ValueObject =>
  typeof value === 'object' && value !== null && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
