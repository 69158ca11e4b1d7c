import {
  BloblangError,
  getKey,
  goTypeName,
  isArray,
  isNumber,
  isObject,
  JsonNumber,
  toText,
  type Value,
  type ValueObject,
} from '@sluice/values';

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
  if (!isArray(changelog)) throw notList('', changelog);
  return changelog.map((entry, index) => {
    if (!isObject(entry)) throw new BloblangError(`'[${index}]' expected a map or struct, got "${kindOf(entry)}"`);
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
  if (!isArray(path)) throw notList(`[${index}].Path`, path);
  return path.map((segment, place) => {
    if (typeof segment === 'string') return segment;
    if (isNumber(segment)) return toText(segment);
    const name = `[${index}].Path[${place}]`;
    throw new BloblangError(`'${name}' expected type 'string', got unconvertible type '${goTypeName(segment)}'`);
  });
}

const notList = (name: string, value: Value): BloblangError =>
  new BloblangError(`'${name}' source data must be an array or slice, got ${kindOf(value)}`);

/** The kind of a value as Go's reflection names it; a number of a document is a text there. */
function kindOf(value: Value): string {
  if (typeof value === 'number' || value instanceof JsonNumber) return 'string';
  if (isArray(value) || value instanceof Uint8Array) return 'slice';
  return isObject(value) ? 'map' : goTypeName(value);
}
