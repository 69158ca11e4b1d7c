/**
 * Paths into documents, by the rules of the original's container library (gabs): a segment is a key of an object or an index of an
 * array; in a path written as text `~1` stands for a dot and `~0` for a tilde.
 */
import { BloblangError } from '../errors.ts';
import { isObject, setKey, type Value } from './kinds.ts';

export type Path = readonly string[];

export const parsePath = (text: string): Path =>
  text.split('.').map((segment) => (segment.includes('~') ? segment.replaceAll('~1', '.').replaceAll('~0', '~') : segment));

export const formatPath = (path: Path): string =>
  path.map((segment) => (/[~.]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('.', '~1') : segment)).join('.');

/** What is at a path; null where there is nothing. On an array `*` collects what the rest of the path finds in the elements. */
export const getPath = (value: Value, path: Path): Value => search(value, path, 0) ?? null;

/** Whether there is anything at a path, be it null. */
export const hasPath = (value: Value, path: Path): boolean => search(value, path, 0) !== undefined;

function search(value: Value, path: Path, from: number): Value | undefined {
  let found = value;
  for (let depth = from; depth < path.length; depth++) {
    const segment = path[depth]!;
    if (typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found)) {
      if (segment === '*') return searchEach(found, path, depth + 1);
      const index = parseIndex(segment);
      if (index === undefined || index < 0 || index >= found.length) return undefined;
      found = found[index]!;
    } else {
      if (!isObject(found) || !Object.hasOwn(found, segment)) return undefined;
      found = found[segment]!;
    }
  }
  return found;
}

function searchEach(values: readonly Value[], path: Path, from: number): Value | undefined {
  const found: Value[] = [];
  for (const value of values) {
    const inner = search(value, path, from);
    if (inner !== undefined) found.push(inner);
  }
  return found.length === 0 ? undefined : found;
}

/** Thrown when a path to be set leads through a value that has no fields. */
export class PathCollisionError extends BloblangError {
  constructor() {
    super('encountered value collision whilst building path');
  }
}

/**
 * Sets what is at a path, within `root`, and returns the new root. Missing parents become objects, numeric segments included;
 * the segment `-` appends to an array. Throws PathCollisionError, or BloblangError for an index that an array does not have.
 */
export function setPath(root: Value, path: Path, value: Value): Value {
  if (path.length === 0) return value;
  const base = root === null ? {} : root;
  let parent: Value = base;
  for (let depth = 0; depth < path.length; depth++) {
    const segment = path[depth]!;
    const isLast = depth === path.length - 1;
    if (Array.isArray(parent)) parent = setElement(parent, segment, depth, isLast, value);
    else if (isObject(parent)) parent = setField(parent, segment, isLast, value);
    else throw new PathCollisionError();
  }
  return base;
}

function setField(parent: { [key: string]: Value }, segment: string, isLast: boolean, value: Value): Value {
  if (isLast) {
    setKey(parent, segment, value);
    return value;
  }
  const child = Object.hasOwn(parent, segment) ? parent[segment]! : null;
  if (child !== null) return child;
  const made = {};
  setKey(parent, segment, made);
  return made;
}

function setElement(parent: Value[], segment: string, depth: number, isLast: boolean, value: Value): Value {
  if (segment === '-') {
    const added = isLast ? value : {};
    parent.push(added);
    return added;
  }
  const index = elementIndex(parent, segment, depth);
  if (isLast) {
    parent[index] = value;
    return value;
  }
  const child = parent[index]!;
  if (child === null) throw new BloblangError(`failed to resolve path segment '${depth}': field '${segment}' was not found`);
  return child;
}

function elementIndex(parent: readonly Value[], segment: string, depth: number): number {
  const index = parseIndex(segment);
  const prefix = `failed to resolve path segment '${depth}': found array but`;
  if (index === undefined) {
    const reason = `strconv.Atoi: parsing "${segment}": invalid syntax`;
    throw new BloblangError(`${prefix} segment value '${segment}' could not be parsed into array index: ${reason}`);
  }
  if (index < 0) throw new BloblangError(`${prefix} index '${segment}' is invalid`);
  if (index >= parent.length) {
    throw new BloblangError(`${prefix} index '${segment}' exceeded target array size of '${parent.length}'`);
  }
  return index;
}

/** Removes what is at a path, within `root`; elements behind a removed one move up. Says whether there was anything to remove. */
export function deletePath(root: Value, path: Path): boolean {
  const parent = getPath(root, path.slice(0, -1));
  const segment = path.at(-1);
  if (segment === undefined) return false;
  if (Array.isArray(parent)) {
    const index = parseIndex(segment);
    if (path.length < 2 || index === undefined || index < 0 || index >= parent.length) return false;
    parent.splice(index, 1);
    return true;
  }
  if (!isObject(parent) || !Object.hasOwn(parent, segment)) return false;
  delete parent[segment];
  return true;
}

/** The index that a segment stands for, or undefined if it is no whole number. */
export function parseIndex(segment: string): number | undefined {
  return /^[+-]?[0-9]+$/.test(segment) ? Number(segment) : undefined;
}
