import { BloblangError } from '@sluice/values';
import type { FunctionDefinition } from './define-function.ts';
import type { MethodDefinition } from './define-method.ts';

/** Names of the original that a library leaves out on purpose, each with its reason. */
export interface Omissions {
  readonly functions: ReadonlyMap<string, string>;
  readonly methods: ReadonlyMap<string, string>;
}

const NO_OMISSIONS: Omissions = { functions: new Map(), methods: new Map() };

/** The functions and methods a mapping may call. Immutable; each restriction makes a new one. */
export class Environment {
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly methods: ReadonlyMap<string, MethodDefinition>;

  private readonly omissions: Omissions;

  private constructor(
    functions: ReadonlyMap<string, FunctionDefinition>,
    methods: ReadonlyMap<string, MethodDefinition>,
    omissions: Omissions,
  ) {
    this.functions = functions;
    this.methods = methods;
    this.omissions = omissions;
  }

  static of(
    functions: Iterable<FunctionDefinition>,
    methods: Iterable<MethodDefinition>,
    omissions: Omissions = NO_OMISSIONS,
  ): Environment {
    return new Environment(byName(functions), byName(methods), omissions);
  }

  /** Throws BloblangError: `unrecognised function 'x'`, or why the original's `x` is not here. */
  function(name: string): FunctionDefinition {
    const found = this.functions.get(name);
    if (found === undefined) throw unrecognised('function', name, this.omissions.functions);
    return found;
  }

  /** Throws BloblangError: `unrecognised method 'x'`, or why the original's `x` is not here. */
  method(name: string): MethodDefinition {
    const found = this.methods.get(name);
    if (found === undefined) throw unrecognised('method', name, this.omissions.methods);
    return found;
  }

  /** Without everything that reads the environment, files or the host name, or keeps state across mappings. */
  onlyPure(): Environment {
    return this.filter((definition) => definition.isPure);
  }

  /** Without the functions and methods of these names. */
  without(...names: readonly string[]): Environment {
    const refused = new Set(names);
    return this.filter((definition) => !refused.has(definition.name));
  }

  /** With more, or other, functions and methods; one of a name that is there already replaces it. */
  with(functions: Iterable<FunctionDefinition>, methods: Iterable<MethodDefinition> = []): Environment {
    return Environment.of([...this.functions.values(), ...functions], [...this.methods.values(), ...methods], this.omissions);
  }

  private filter(isKept: (definition: FunctionDefinition | MethodDefinition) => boolean): Environment {
    return Environment.of([...this.functions.values()].filter(isKept), [...this.methods.values()].filter(isKept), this.omissions);
  }
}

const byName = <D extends { readonly name: string }>(definitions: Iterable<D>): Map<string, D> =>
  new Map([...definitions].map((definition) => [definition.name, definition]));

function unrecognised(kind: 'function' | 'method', name: string, omitted: ReadonlyMap<string, string>): BloblangError {
  const reason = omitted.get(name);
  if (reason === undefined) return new BloblangError(`unrecognised ${kind} '${name}'`);
  return new BloblangError(`${kind} '${name}' is not part of Sluice, since ${reason}: see docs/differences.md`);
}
