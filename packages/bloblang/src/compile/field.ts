import { BloblangError, formatPath, type Path, type Value } from '@sluice/values';
import type { Context, Evaluate } from '../query/context.ts';
import { type ReadPath, readerOf } from '../query/read-path.ts';
import type { FieldReference } from '../syntax/ast.ts';

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
