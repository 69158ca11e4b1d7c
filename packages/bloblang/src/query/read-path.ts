import { getPath, internalized, type Path, type Value, type ValueObject } from '@sluice/values';

/** A read of one path. Never fails: what is not there is null. */
export interface ReadPath {
  (value: Value): Value;
  readonly path: Path;
}

/** Names that every object inherits; only the careful way may read them. */
const isPlainKey = (segment: string): boolean => !(segment in Object.prototype);

export function readerOf(segments: Path): ReadPath {
  const path = segments.map(internalized);
  return Object.assign(readOf(path), { path });
}

/** A read of a path, made for its length. Documents are plain objects, whose fields are read without a search of the path. */
function readOf(path: Path): (value: Value) => Value {
  const careful = (value: Value): Value => getPath(value, path);
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
