import { BloblangError, getKey, isArray, isNumber, isObject, toText, typeName, type Value, type ValueObject } from '@sluice/values';

/** One difference: at `path`, `from` became `to`. */
export interface Change {
  readonly type: string;
  readonly path: readonly string[];
  readonly from: Value;
  readonly to: Value;
}

/** A change as an object of the language. */
export const toObject = ({ type, path, from, to }: Change): ValueObject => ({ Type: type, Path: [...path], From: from, To: to });

/** Reads the changes of a changelog; the case of its keys does not matter. Throws BloblangError for what is none. */
export function readChanges(changelog: Value): Change[] {
  if (changelog === null) return [];
  if (!isArray(changelog)) throw new BloblangError(`changelog must be an array, got ${typeName(changelog)}`);
  return changelog.map((entry, index) => {
    if (!isObject(entry)) throw new BloblangError(`change ${index} must be an object, got ${typeName(entry)}`);
    const fields = lowerKeys(entry);
    const type = getKey(fields, 'type');
    return {
      type: typeof type === 'string' ? type : '',
      path: readPath(getKey(fields, 'path'), index),
      from: getKey(fields, 'from'),
      to: getKey(fields, 'to'),
    };
  });
}

function lowerKeys(object: ValueObject): ValueObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}

function readPath(path: Value, index: number): string[] {
  if (path === null) return [];
  if (!isArray(path)) throw new BloblangError(`path of change ${index} must be an array, got ${typeName(path)}`);
  return path.map((segment) => {
    if (typeof segment === 'string') return segment;
    if (isNumber(segment)) return toText(segment);
    throw new BloblangError(`path of change ${index} must hold strings, got ${typeName(segment)}`);
  });
}
