import type { FieldReference } from '../syntax/ast.ts';
import { BloblangError } from '../value/errors.ts';
import type { Value, ValueObject } from '../value/kinds.ts';
import { formatPath, getPath, type Path } from '../value/path.ts';
import type { Context, Evaluate } from './context.ts';

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

/** A field of `this`, of `root`, or of a name that a lambda bound. */
export function compileField({ base, path }: FieldReference): Evaluate {
  const read = readerOf(path);
  if (base === 'this') return fieldOfThis(path, read);
  if (base === 'root') return (context) => read(rootOf(context));
  const { name } = base;
  return (context) => read(namedOf(context, name));
}

function fieldOfThis(path: Path, read: ReadPath): Evaluate {
  const text = formatPath(path);
  if (path.length === 0) return (context) => context.value();
  return (context) => context.field(read, text);
}

function rootOf({ frame }: Context): Value {
  if (frame.root === undefined) throw new BloblangError('unable to reference `root` from this context');
  return frame.root;
}

function namedOf(context: Context, name: string): Value {
  const value = context.named(name);
  if (value === undefined) throw new BloblangError(`named context ${name} was not found`);
  return value;
}
