import { isArray, isObject, type Value } from '@sluice/values';
import { expectedArray, expectedKey, expectedObject, valueAt } from './access.ts';
import { JqError } from './errors.ts';
import type { Compile, Env, Run, Scope } from './scope.ts';
import type { Pattern, Query } from './syntax.ts';

/** Notes what a value gives the names of a pattern, and goes on, for each way in which it does. */
type Take = (env: Env, value: Value, names: Map<string, Value>, next: () => void) => void;

export interface Binding {
  /** The names in sight behind the patterns. */
  readonly inner: Scope;
  /** Calls `use` with an environment for each way in which the value fits a pattern: the first one that does not fail. */
  readonly bind: (env: Env, value: Value, use: (env: Env) => void) => void;
}

/** `as PATTERN ?// PATTERN …`. Names that the pattern in use has not are null. */
export function bindPatterns(patterns: readonly Pattern[], scope: Scope, compile: Compile): Binding {
  const names = [...new Set(patterns.flatMap(namesIn))];
  const takes = patterns.map((pattern) => takeOf(pattern, (query) => compile(query, scope)));
  const inner = names.reduce((outer, name) => outer.with('variable', name), scope);
  const attempt = (take: Take, env: Env, value: Value, use: (env: Env) => void): void => {
    const found = new Map<string, Value>();
    take(env, value, found, () => use(names.reduce<Env>((next, name) => ({ bound: found.get(name) ?? null, next }), env)));
  };
  const bind: Binding['bind'] = (env, value, use) => {
    for (const [place, take] of takes.entries()) {
      try {
        return attempt(take, env, value, use);
      } catch (error) {
        if (!(error instanceof JqError) || place === takes.length - 1) throw error;
      }
    }
  };
  return { inner, bind };
}

function namesIn(pattern: Pattern): string[] {
  switch (pattern.kind) {
    case 'name':
      return [pattern.name];
    case 'array':
      return pattern.items.flatMap(namesIn);
    case 'object':
      return pattern.fields.flatMap(({ name, pattern: inner }) => [
        ...(name === undefined ? [] : [name]),
        ...(inner ? namesIn(inner) : []),
      ]);
  }
}

function takeOf(pattern: Pattern, compile: (query: Query) => Run): Take {
  switch (pattern.kind) {
    case 'name':
      return (_, value, names, next) => {
        names.set(pattern.name, value);
        next();
      };
    case 'array':
      return inOrder(
        pattern.items.map((item, place): Take => {
          const take = takeOf(item, compile);
          return (env, value, names, next) => {
            if (value !== null && !isArray(value)) throw expectedArray(value);
            take(env, valueAt(value, place), names, next);
          };
        }),
      );
    case 'object':
      return inOrder(
        pattern.fields.map(({ key, name, pattern: inner }): Take => {
          const keys = compile(key);
          const take = inner && takeOf(inner, compile);
          return (env, value, names, next) =>
            keys(env, value, undefined, (found) => {
              if (typeof found !== 'string') throw expectedKey(found);
              if (value !== null && !isObject(value)) throw expectedObject(value);
              const field = valueAt(value, found);
              if (name !== undefined) names.set(name, field);
              if (take) take(env, field, names, next);
              else next();
            });
        }),
      );
  }
}

function inOrder(takes: readonly Take[]): Take {
  return (env, value, names, next) => {
    const from = (place: number): void => {
      const take = takes[place];
      if (take) take(env, value, names, () => from(place + 1));
      else next();
    };
    from(0);
  };
}
