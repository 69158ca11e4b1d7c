/** What filters are run with. */
import { isArray, isObject, sortedKeys, type Value } from '@sluice/values';
import { JqError } from './errors.ts';
import type { Emit, Env, Path, Run } from './scope.ts';
import { typePreview } from './text.ts';

export const isTrue = (value: Value): boolean => value !== null && value !== false;

/** Of what a filter makes: it stands nowhere in the document. */
export const nowhere = (path: Path): Path => path && 'nowhere';

/** A key behind a path. @throws {JqError} nobody knows where the value stands */
export function behind(path: Path, value: Value, key: Value, doing = ''): Path {
  if (path === 'nowhere') throw new JqError(`invalid path${doing} against: ${typePreview(value)}`);
  return path && [...path, key];
}

/** The elements of an array or an object. */
export function eachOf(value: Value, path: Path, emit: Emit): void {
  if (isArray(value)) {
    for (const [place, element] of value.entries()) emit(element, behind(path, value, place, ' on iterating'));
  } else if (isObject(value)) {
    for (const key of sortedKeys(value)) emit(value[key]!, behind(path, value, key, ' on iterating'));
  } else throw new JqError(`cannot iterate over: ${typePreview(value)}`);
}

export function collected(run: Run, env: Env, value: Value): Value[] {
  const items: Value[] = [];
  run(env, value, undefined, (item) => items.push(item));
  return items;
}

/** Where the results of a filter stand. Throws JqError for one that stands nowhere. */
export function pathsOf(run: Run, env: Env, value: Value): Value[][] {
  const paths: Value[][] = [];
  run(env, value, [], (found, path) => {
    if (path === 'nowhere') throw new JqError(`invalid path against: ${typePreview(found)}`);
    paths.push([...path!]);
  });
  return paths;
}

/** Every combination of arguments; the first turns fastest. */
export function eachArgument(args: readonly Run[], env: Env, value: Value, use: (values: Value[]) => void): void {
  const values: Value[] = [];
  const choose = (place: number): void => {
    if (place < 0) use([...values]);
    else {
      args[place]!(env, value, undefined, (arg) => {
        values[place] = arg;
        choose(place - 1);
      });
    }
  };
  choose(args.length - 1);
}
