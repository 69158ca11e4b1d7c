/** Arrays, objects and texts that a filter builds. */
import { setKey, type Value, type ValueObject } from '@sluice/values';
import { expectedKey } from './access.ts';
import { formatted } from './functions/formats.ts';
import { collected, nowhere } from './runs.ts';
import type { Compile, Env, Run, Scope } from './scope.ts';
import type { ObjectField, Query } from './syntax.ts';
import { toJson } from './text.ts';

export const array =
  (items: Run | undefined): Run =>
  (env, value, path, emit) =>
    emit(items ? collected(items, env, value) : [], nowhere(path));

/** The last field turns fastest. */
export function object(fields: readonly ObjectField[], scope: Scope, compile: Compile): Run {
  const compiled = fields.map(({ key, value }) => ({ key: compile(key, scope), value: compile(value, scope) }));
  const build = (env: Env, value: Value, from: number, made: ValueObject, done: (object: ValueObject) => void): void => {
    const field = compiled[from];
    if (!field) {
      done(made);
      return;
    }
    field.key(env, value, undefined, (key) => {
      if (typeof key !== 'string') throw expectedKey(key);
      field.value(env, value, undefined, (of) => {
        const next = { ...made };
        setKey(next, key, of);
        build(env, value, from + 1, next, done);
      });
    });
  };
  return (env, value, path, emit) => build(env, value, 0, {}, (made) => emit(made, nowhere(path)));
}

/** The first query turns fastest. */
export function text(parts: ReadonlyArray<string | Query>, format: string | undefined, scope: Scope, compile: Compile): Run {
  const compiled = parts.map((part) => (typeof part === 'string' ? part : compile(part, scope)));
  const build = (env: Env, value: Value, upTo: number, tail: string, done: (text: string) => void): void => {
    const part = compiled[upTo - 1];
    if (part === undefined) done(tail);
    else if (typeof part === 'string') build(env, value, upTo - 1, part + tail, done);
    else part(env, value, undefined, (found) => build(env, value, upTo - 1, textOf(found, format) + tail, done));
  };
  return (env, value, path, emit) => build(env, value, compiled.length, '', (made) => emit(made, nowhere(path)));
}

const textOf = (value: Value, format: string | undefined): string => {
  if (format !== undefined) return formatted(format, value);
  return typeof value === 'string' ? value : toJson(value);
};
