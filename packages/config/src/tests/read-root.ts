import { readDocuments } from '../assemble/read-documents.ts';
import type { Environment } from '../environment/env-vars.ts';
import { type Problem, ProblemLog } from '../problem/problem.ts';
import { readSource } from '../source/read-source.ts';
import { MapNode } from '../yaml/node.ts';

/** What was read of a file for its tests. */
export interface Read<T> {
  /** Meaningful only where no problem is an error. */
  readonly value: T;
  readonly problems: readonly Problem[];
  /** The texts that problems point into. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The Benthos document of a file, handed to `use` with a log. A variable that is not set is empty, and no problem. */
export async function readRoot<T>(
  path: string,
  env: Environment,
  use: (root: MapNode | undefined, log: ProblemLog) => T,
): Promise<Read<T>> {
  const log = new ProblemLog();
  const file = await readSource(path, log);
  const document = file && readDocuments(file, env, log).find(({ kind }) => kind === 'benthos');
  const value = use(document?.root instanceof MapNode ? document.root : undefined, log);
  return {
    value,
    problems: log.problems.filter(({ code }) => code !== 'env.missing'),
    sources: new Map(file ? [[file.name, file.text]] : []),
  };
}
