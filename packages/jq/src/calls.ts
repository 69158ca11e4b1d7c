/** Functions: those of a filter, the native ones, and those that are written in jq. */
import type { Value } from '@sluice/values';
import { JqSyntaxError } from './errors.ts';
import { natives } from './functions/natives.ts';
import { preludeOf } from './prelude.ts';
import { eachArgument, nowhere } from './runs.ts';
import { type Closure, type Compile, type Emit, type Env, envAt, type FunctionSource, type Path, type Run, Scope } from './scope.ts';
import { specials } from './specials.ts';
import { countStep } from './steps.ts';
import type { Definition, Query } from './syntax.ts';

/** Marks the place of a function in an environment. */
const FUNCTION = {};

/** A function, and what follows in whose sight it is. */
export function define(definition: Definition, body: Query, scope: Scope, compile: Compile): Run {
  const source: FunctionSource = { parameters: definition.parameters };
  const named = scope.with('function', definition.name, definition.parameters.length, source);
  source.run = compile(definition.body, withParameters(named, definition.parameters));
  const run = compile(body, named);
  return (env, value, path, emit) => run({ bound: FUNCTION, next: env }, value, path, emit);
}

/** A value is a filter too, without its `$`. */
const withParameters = (scope: Scope, parameters: readonly string[]): Scope =>
  parameters.reduce((inner, name) => {
    const filter = inner.with('closure', name.replace(/^\$/, ''));
    return name.startsWith('$') ? filter.with('variable', name) : filter;
  }, scope);

/** @throws {JqSyntaxError} there is no such function */
export function call(name: string, args: readonly Query[], scope: Scope, compile: Compile): Run {
  const entry = scope.find(['closure', 'function'], name, args.length);
  const compiled = args.map((arg) => compile(arg, scope));
  if (entry?.kind === 'closure') {
    const steps = scope.depth - entry.depth - 1;
    return (env, value, path, emit) => {
      const closure = envAt(env, steps).bound as Closure;
      closure.run(closure.env, value, path, emit);
    };
  }
  if (entry) {
    const steps = scope.depth - entry.depth - 1;
    return (env, value, path, emit) => invoke(entry.source!, envAt(env, steps), compiled, env, value, path, emit);
  }
  return builtin(name, compiled, compile);
}

const preludeSources = new Map<string, FunctionSource>();

function builtin(name: string, args: readonly Run[], compile: Compile): Run {
  const key = `${name}/${args.length}`;
  const special = specials.get(key);
  if (special) return special(args);
  const native = natives.get(key);
  if (native) return (env, value, path, emit) => eachArgument(args, env, value, (values) => emit(native(value, values), nowhere(path)));
  const source = preludeSource(key, compile);
  if (!source) throw new JqSyntaxError(/^inputs?\/0$/.test(key) ? 'input(s)/0 is not allowed' : `function not defined: ${key}`);
  const own: Env = { bound: FUNCTION, next: null };
  return (env, value, path, emit) => invoke(source, own, args, env, value, path, emit);
}

/** Compiled at the first use, once for all filters. */
function preludeSource(key: string, compile: Compile): FunctionSource | undefined {
  const known = preludeSources.get(key);
  if (known) return known;
  const definition = preludeOf(key);
  if (!definition) return undefined;
  const { name, parameters, body } = definition;
  const source: FunctionSource = { parameters };
  preludeSources.set(key, source);
  source.run = compile(body, withParameters(new Scope().with('function', name, parameters.length, source), parameters));
  return source;
}

function invoke(source: FunctionSource, own: Env, args: readonly Run[], env: Env, value: Value, path: Path, emit: Emit): void {
  countStep();
  const pass = (inner: Env, from: number): void => {
    const parameter = source.parameters[from];
    if (parameter === undefined) {
      source.run!(inner, value, path, emit);
      return;
    }
    const run = args[from]!;
    if (!parameter.startsWith('$')) {
      pass({ bound: { run, env }, next: inner }, from + 1);
      return;
    }
    run(env, value, undefined, (arg) => {
      const filter: Closure = { run: (_, __, at, emitValue) => emitValue(arg, nowhere(at)), env: null };
      pass({ bound: arg, next: { bound: filter, next: inner } }, from + 1);
    });
  };
  pass(own, 0);
}
