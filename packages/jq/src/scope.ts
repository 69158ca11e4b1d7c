/** Names while a filter is compiled, and what they stand for while it runs. */
import type { Value } from '@sluice/values';
import type { Query } from './syntax.ts';

/** Where a value stands in the document that `path(…)` looks into: keys and indexes, or nowhere. Undefined where nobody asks. */
export type Path = readonly Value[] | 'nowhere' | undefined;

export type Emit = (value: Value, path: Path) => void;

/** A compiled filter: calls `emit` for each result. */
export type Run = (env: Env, value: Value, path: Path, emit: Emit) => void;

/** A filter with the names that it sees. */
export interface Closure {
  readonly run: Run;
  readonly env: Env;
}

/** What a binding stands for: a value, a filter, a label, or a function, whose environment it ends. */
type Bound = Value | Closure | object;

export type Env = { readonly bound: Bound; readonly next: Env } | null;

export interface FunctionSource {
  readonly parameters: readonly string[];
  /** Set as soon as the body is compiled; a body may call itself. */
  run?: Run;
}

/** One name. `depth` bindings of an environment lie below it. */
interface Entry {
  readonly kind: 'variable' | 'closure' | 'label' | 'function';
  readonly name: string;
  readonly arity: number;
  readonly depth: number;
  readonly source?: FunctionSource;
}

/** The names in sight, innermost first. */
export class Scope {
  readonly depth: number;
  readonly #entry: Entry | undefined;
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope, entry?: Omit<Entry, 'depth'>) {
    this.#outer = outer;
    this.depth = outer ? outer.depth + 1 : 0;
    this.#entry = entry && { ...entry, depth: outer!.depth };
  }

  with(kind: Entry['kind'], name: string, arity = 0, source?: FunctionSource): Scope {
    return new Scope(this, { kind, name, arity, ...(source && { source }) });
  }

  find(kinds: readonly Entry['kind'][], name: string, arity = 0): Entry | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#outer) {
      const entry = scope.#entry;
      if (entry && entry.name === name && entry.arity === arity && kinds.includes(entry.kind)) return entry;
    }
    return undefined;
  }
}

/** The environment that the binding of an entry ends. */
export function envAt(env: Env, steps: number): NonNullable<Env> {
  let found = env!;
  for (let step = 0; step < steps; step++) found = found.next!;
  return found;
}

/** Compiles a filter in sight of names. */
export type Compile = (query: Query, scope: Scope) => Run;
