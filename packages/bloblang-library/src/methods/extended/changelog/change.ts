import { BloblangError, getKey, goTypeName, isArray, isObject, JsonNumber, toText, type Value, type ValueObject } from '@sluice/values';

/** One difference: at `path`, `from` became `to`. */
export interface Change {
  readonly type: string;
  readonly path: readonly string[];
  readonly from: Value;
  readonly to: Value;
}

/** A change as an object of the language. */
export const toObject = ({ type, path, from, to }: Change): ValueObject => ({ Type: type, Path: [...path], From: from, To: to });

/** Reads the changes of a changelog; the case of its keys does not matter. Throws BloblangError that lists all that is wrong with it. */
export function readChanges(changelog: Value): Change[] {
  if (changelog === null) return [];
  if (!isArray(changelog)) throw new BloblangError(notList('', changelog));
  const problems: string[] = [];
  const changes = changelog.map((entry, index) => readChange(entry, `[${index}]`, problems));
  if (problems.length === 0) return changes;
  throw new BloblangError(`decoding failed due to the following error(s):\n\n${problems.join('\n')}`);
}

function readChange(entry: Value, name: string, problems: string[]): Change {
  if (!isObject(entry)) problems.push(`'${name}' expected a map or struct, got "${kindOf(entry)}"`);
  const fields = isObject(entry) ? lowerKeys(entry) : {};
  return {
    type: readText(getKey(fields, 'type'), `${name}.Type`, problems),
    path: readPath(getKey(fields, 'path'), `${name}.Path`, problems),
    from: getKey(fields, 'from'),
    to: getKey(fields, 'to'),
  };
}

function lowerKeys(object: ValueObject): ValueObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}

function readPath(path: Value, name: string, problems: string[]): string[] {
  if (path === null) return [];
  if (isArray(path)) return path.map((segment, place) => readText(segment, `${name}[${place}]`, problems));
  problems.push(notList(name, path));
  return [];
}

/** A text, or a number of a document, which is one to the original; null counts as empty. */
function readText(value: Value, name: string, problems: string[]): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || value instanceof JsonNumber) return toText(value);
  if (value !== null) problems.push(`'${name}' expected type 'string', got unconvertible type '${goTypeName(value)}'`);
  return '';
}

const notList = (name: string, value: Value): string => `'${name}' source data must be an array or slice, got ${kindOf(value)}`;

/** The kind of a value as Go's reflection names it; a number of a document is a text there. */
function kindOf(value: Value): string {
  if (typeof value === 'number' || value instanceof JsonNumber) return 'string';
  if (isArray(value) || value instanceof Uint8Array) return 'slice';
  return isObject(value) ? 'map' : goTypeName(value);
}
