import { getPath, type Path, type Value, type ValueObject } from '@sluice/values';

/** A read of one path. Never fails: what is not there is null. */
export type ReadPath = (value: Value) => Value;

/** Names that every object inherits; only the careful way may read them. */
const isPlainKey = (segment: string): boolean => !(segment in Object.prototype);

/** A read of a path, made for its length. Documents are plain objects, whose fields are read without a search of the path. */
export function readerOf(path: Path): ReadPath {
  const careful: ReadPath = (value) => getPath(value, path);
  if (!path.every(isPlainKey)) return careful;
  const [first, second, third] = path as [string, string, string];
  switch (path.length) {
    case 0:
      return (value) => value;
    case 1:
      return (value) => (isPlainObject(value) ? (value[first] ?? null) : careful(value));
    case 2:
      return (value) => {
        if (!isPlainObject(value)) return careful(value);
        const inner = value[first];
        return isPlainObject(inner) ? (inner[second] ?? null) : careful(value);
      };
    case 3:
      return (value) => {
        if (!isPlainObject(value)) return careful(value);
        const inner = value[first];
        if (!isPlainObject(inner)) return careful(value);
        const innermost = inner[second];
        return isPlainObject(innermost) ? (innermost[third] ?? null) : careful(value);
      };
    default:
      return careful;
  }
}

const isPlainObject = (value: Value | undefined): value is ValueObject =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
