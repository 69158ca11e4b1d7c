/** Filters that change a document at paths. */
import type { Value } from '@sluice/values';
import { valueAtPath } from './access.ts';
import { operate } from './operators.ts';
import { isTrue, nowhere, pathsOf } from './runs.ts';
import type { Compile, Env, Run, Scope } from './scope.ts';
import { BreakSignal } from './signals.ts';
import type { Query } from './syntax.ts';
import { Update } from './update.ts';

/** `=`, `|=` and their kind. */
export function update(
  { operator, left: target, right: operand }: Extract<Query, { kind: 'update' }>,
  scope: Scope,
  compile: Compile,
): Run {
  const [left, right] = [compile(target, scope), compile(operand, scope)];
  if (operator === '|=') {
    return (env, value, path, emit) =>
      emit(
        modified(left, env, value, (old, use) => right(env, old, undefined, use)),
        nowhere(path),
      );
  }
  const fixed = operator === '=' ? fixedPath(target) : undefined;
  return (env, value, path, emit) =>
    right(env, value, undefined, (found) => {
      if (fixed) {
        const updated = new Update(value);
        updated.set(fixed, found);
        emit(updated.value, nowhere(path));
        return;
      }
      const change = (old: Value): Value => {
        if (operator === '=') return found;
        if (operator === '//=') return isTrue(old) ? old : found;
        return operate(operator, old, found);
      };
      emit(
        modified(left, env, value, (old, use) => use(change(old))),
        nowhere(path),
      );
    });
}

/** The path of `.a["b"][0]`, which is the same in every document. */
function fixedPath(query: Query): Value[] | undefined {
  if (query.kind === 'identity') return [];
  if (query.kind === 'slice') {
    const [from, to] = [query.from, query.to].map((bound) =>
      bound === undefined ? null : bound.kind === 'literal' ? bound.value : undefined,
    );
    const before = fixedPath(query.of);
    return before && from !== undefined && to !== undefined ? [...before, { start: from, end: to }] : undefined;
  }
  if (query.kind !== 'index' || query.key.kind !== 'literal') return undefined;
  const before = fixedPath(query.of);
  return before && [...before, query.key.value];
}

/** Puts the first result of `change` in place of what is at each path; what has none goes away. */
function modified(paths: Run, env: Env, value: Value, change: (old: Value, use: (changed: Value) => void) => void): Value {
  const updated = new Update(value);
  const gone: Value[] = [];
  for (const path of pathsOf(paths, env, value)) {
    let isChanged = false;
    const label = new BreakSignal({});
    try {
      change(valueAtPath(updated.value, path), (changed) => {
        isChanged = true;
        updated.set(path, changed);
        throw label;
      });
    } catch (error) {
      if (error !== label) throw error;
    }
    if (!isChanged) gone.push(path);
  }
  updated.delete(gone);
  return updated.value;
}
