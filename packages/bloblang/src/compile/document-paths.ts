import type { Expression, Program, Statement } from '../syntax/ast.ts';
import { childrenOf } from './children-of.ts';

/** The places of documents that a mapping names: what must have been written before it runs, and what it writes. */
export interface DocumentPaths {
  /** Of `this`, with what names inside arguments and maps begin with; too many rather than too few. */
  readonly reads: ReadonlyArray<readonly string[]>;
  /** Of `root`; an empty one is the whole document. */
  readonly writes: ReadonlyArray<readonly string[]>;
}

export function documentPaths({ maps, statements }: Program): DocumentPaths {
  const all = [...maps.values()].flatMap(({ statements: inner }) => flat(inner));
  return {
    reads: [...flat(statements), ...all].flatMap(({ values }) => values.flatMap(readsOf)),
    writes: flat(statements).flatMap(({ write }) => (write ? [write] : [])),
  };
}

interface Part {
  readonly values: readonly Expression[];
  readonly write?: readonly string[];
}

const flat = (statements: readonly Statement[]): Part[] =>
  statements.flatMap((statement): Part[] => {
    if (statement.kind === 'ifStatement') {
      return statement.branches.flatMap(({ condition, statements: inner }) => [{ values: condition ? [condition] : [] }, ...flat(inner)]);
    }
    return [{ values: [statement.value], ...(statement.kind === 'root' && { write: statement.path }) }];
  });

const readsOf = (expression: Expression): ReadonlyArray<readonly string[]> =>
  expression.kind === 'field'
    ? expression.base === 'this' && expression.path.length > 0
      ? [expression.path]
      : []
    : childrenOf(expression).flatMap((child) => (child ? readsOf(child) : []));
