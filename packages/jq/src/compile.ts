/** Filters as functions that call back for each result. */
import type { Value } from '@sluice/values';
import { sliceOf, valueAt } from './access.ts';
import { update } from './assignments.ts';
import { call, define } from './calls.ts';
import { array, object, text } from './constructions.ts';
import { JqError, JqSyntaxError } from './errors.ts';
import { formatted } from './functions/formats.ts';
import { isNumeric, negate } from './numbers.ts';
import { operate } from './operators.ts';
import { bindPatterns } from './patterns.ts';
import { behind, eachOf, isTrue, nowhere } from './runs.ts';
import { type Emit, type Env, envAt, type Path, type Run, type Scope } from './scope.ts';
import { BreakSignal, guarded } from './signals.ts';
import type { Query } from './syntax.ts';
import { typePreview } from './text.ts';

/** @throws {JqSyntaxError} a name that there is not */
export function compile(query: Query, scope: Scope): Run {
  switch (query.kind) {
    case 'identity':
      return (_, value, path, emit) => emit(value, path);
    case 'recurse':
      return compile({ kind: 'call', name: 'recurse', args: [] }, scope);
    case 'literal':
      return (_, __, path, emit) => emit(query.value, nowhere(path));
    case 'text':
      return text(query.parts, query.format, scope, compile);
    case 'format':
      return (_, value, path, emit) => emit(formatted(query.name, value), nowhere(path));
    case 'index':
      return index(compile(query.of, scope), query.key, scope);
    case 'slice':
      return slice(compile(query.of, scope), query.from && compile(query.from, scope), query.to && compile(query.to, scope));
    case 'iterate':
      return iterate(compile(query.of, scope));
    case 'optional':
      return optional(query.of, scope);
    case 'negate':
    case 'plus':
      return signed(query.kind, compile(query.of, scope));
    case 'array':
      return array(query.items && compile(query.items, scope));
    case 'object':
      return object(query.fields, scope, compile);
    case 'call':
      return call(query.name, query.args, scope, compile);
    case 'variable':
      return variable(query.name, scope);
    case 'bind': {
      const { inner, bind } = bindPatterns(query.patterns, scope, compile);
      return bound(compile(query.source, scope), bind, compile(query.body, inner));
    }
    case 'reduce':
    case 'foreach':
      return fold(query, scope);
    case 'if':
      return choice(compile(query.condition, scope), compile(query.then, scope), query.otherwise && compile(query.otherwise, scope));
    case 'try':
      return attempt(compile(query.body, scope), query.handler && compile(query.handler, scope));
    case 'label': {
      const body = compile(query.body, scope.with('label', query.name));
      return (env, value, path, emit) => labelled(env, body, value, path, emit);
    }
    case 'break':
      return breakOut(query.name, scope);
    case 'define':
      return define(query.definition, query.body, scope, compile);
    case 'update':
      return update(query, scope, compile);
    default:
      return joined(query, compile(query.left, scope), compile(query.right, scope));
  }
}

function joined(query: Extract<Query, { left: Query }>, left: Run, right: Run): Run {
  switch (query.kind) {
    case 'pipe':
      return (env, value, path, emit) => left(env, value, path, (middle, at) => right(env, middle, at, emit));
    case 'comma':
      return (env, value, path, emit) => {
        left(env, value, path, emit);
        right(env, value, path, emit);
      };
    case 'alternative':
      // A failure on the left is a failure, as in gojq; in jq it counts as nothing.
      return (env, value, path, emit) => {
        let isFound = false;
        left(env, value, path, (found, at) => {
          if (!isTrue(found)) return;
          isFound = true;
          emit(found, at);
        });
        if (!isFound) right(env, value, path, emit);
      };
    case 'and':
    case 'or':
      return (env, value, path, emit) =>
        left(env, value, undefined, (first) => {
          if (isTrue(first) === (query.kind === 'or')) emit(query.kind === 'or', nowhere(path));
          else right(env, value, undefined, (second) => emit(isTrue(second), nowhere(path)));
        });
    case 'operation':
      return (env, value, path, emit) =>
        right(env, value, undefined, (b) => left(env, value, undefined, (a) => emit(operate(query.operator, a, b), nowhere(path))));
    default:
      throw new TypeError(`expected an operation, found ${query.kind}`);
  }
}

function index(of: Run, key: Query, scope: Scope): Run {
  if (key.kind === 'literal') {
    const name = key.value;
    return (env, value, path, emit) => of(env, value, path, (found, at) => emit(valueAt(found, name), behind(at, found, name)));
  }
  const keys = compile(key, scope);
  return (env, value, path, emit) =>
    keys(env, value, undefined, (name) => of(env, value, path, (found, at) => emit(valueAt(found, name), behind(at, found, name))));
}

function slice(of: Run, from: Run | undefined, to: Run | undefined): Run {
  const bounds = (run: Run | undefined, env: Env, value: Value, take: (bound: Value) => void) =>
    run ? run(env, value, undefined, take) : take(null);
  return (env, value, path, emit) =>
    bounds(from, env, value, (start) =>
      bounds(to, env, value, (end) =>
        of(env, value, path, (found, at) => emit(sliceOf(found, start, end), behind(at, found, { start, end }))),
      ),
    );
}

const iterate =
  (of: Run): Run =>
  (env, value, path, emit) =>
    of(env, value, path, (found, at) => eachOf(found, at, emit));

/** Only the last step is tried, as in gojq: what fails before it, fails. */
function optional(of: Query, scope: Scope): Run {
  const isStep = of.kind === 'iterate' || (of.kind === 'index' && of.key.kind === 'literal');
  if (!isStep || of.of.kind === 'identity') return attempt(compile(of, scope), undefined);
  const [before, last] = [compile(of.of, scope), attempt(compile({ ...of, of: { kind: 'identity' } }, scope), undefined)];
  return (env, value, path, emit) => before(env, value, path, (found, at) => last(env, found, at, emit));
}

function signed(sign: 'negate' | 'plus', of: Run): Run {
  return (env, value, path, emit) =>
    of(env, value, undefined, (found) => {
      if (!isNumeric(found)) throw new JqError(`cannot ${sign}: ${typePreview(found)}`);
      emit(sign === 'plus' ? found : negate(found), nowhere(path));
    });
}

function variable(name: string, scope: Scope): Run {
  const entry = scope.find(['variable'], name);
  if (!entry && name === '$ENV') return (_, __, path, emit) => emit({}, nowhere(path));
  if (!entry) throw new JqSyntaxError(`variable not defined: ${name}`);
  const steps = scope.depth - entry.depth - 1;
  return (env, _, path, emit) => emit(envAt(env, steps).bound as Value, nowhere(path));
}

const bound =
  (source: Run, bind: (env: Env, value: Value, use: (env: Env) => void) => void, body: Run): Run =>
  (env, value, path, emit) =>
    source(env, value, undefined, (found) => guardedBy(emit, (pass) => bind(env, found, (inner) => body(inner, value, path, pass))));

/** What goes on behind a binding is not retried with its next pattern. */
function guardedBy(emit: Emit, work: (emit: Emit) => void): void {
  guarded(emit, work, (error) => {
    throw error;
  });
}

function fold(query: Extract<Query, { kind: 'reduce' | 'foreach' }>, scope: Scope): Run {
  const source = compile(query.source, scope);
  const { inner, bind } = bindPatterns([query.pattern], scope, compile);
  const [start, step] = [compile(query.start, scope), compile(query.update, inner)];
  const extract = query.kind === 'foreach' && query.extract ? compile(query.extract, inner) : undefined;
  return (env, value, path, emit) =>
    start(env, value, path, (first, firstAt) => {
      let [state, at] = [first, firstAt];
      source(env, value, undefined, (item) =>
        bind(env, item, (own) =>
          step(own, state, at, (next, nextAt) => {
            state = next;
            at = nextAt;
            if (query.kind === 'reduce') return;
            if (extract) extract(own, next, nextAt, emit);
            else emit(next, nextAt);
          }),
        ),
      );
      if (query.kind === 'reduce') emit(state, at);
    });
}

const choice =
  (condition: Run, then: Run, otherwise: Run | undefined): Run =>
  (env, value, path, emit) =>
    condition(env, value, undefined, (answer) => {
      if (isTrue(answer)) then(env, value, path, emit);
      else if (otherwise) otherwise(env, value, path, emit);
      else emit(value, path);
    });

const attempt =
  (body: Run, handler: Run | undefined): Run =>
  (env, value, path, emit) =>
    guarded(
      emit,
      (pass) => body(env, value, path, pass),
      (error) => handler?.(env, error.thrown, nowhere(path), emit),
    );

/** Runs `body` with a label on top of its environment. */
function labelled(env: Env, body: Run, value: Value, path: Path, emit: Emit): void {
  const label = {};
  try {
    body({ bound: label, next: env }, value, path, emit);
  } catch (error) {
    if (!(error instanceof BreakSignal) || error.label !== label) throw error;
  }
}

function breakOut(name: string, scope: Scope): Run {
  const entry = scope.find(['label'], name);
  if (!entry) throw new JqSyntaxError(`label not defined: ${name}`);
  const steps = scope.depth - entry.depth - 1;
  return (env) => {
    throw new BreakSignal(envAt(env, steps).bound as object);
  };
}
