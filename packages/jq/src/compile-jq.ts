import type { Value } from '@sluice/values';
import { compile } from './compile.ts';
import { asDocument, fromAnywhere } from './numbers.ts';
import { parseFilter } from './parser.ts';
import { type Env, Scope } from './scope.ts';
import { startSteps } from './steps.ts';

export interface JqFilter {
  /**
   * The results for a document, which it takes over, as documents. `metadata` is `$metadata`. Throws BloblangError where the filter fails
   * or takes too long.
   */
  run(document: Value, metadata: Value): Value[];
}

/** @throws {JqSyntaxError} */
export function compileJq(source: string): JqFilter {
  const scope = new Scope().with('variable', '$metadata');
  const run = compile(parseFilter(source), scope);
  return {
    run: (document, metadata) => {
      const env: Env = { bound: fromAnywhere(metadata) as Value, next: null };
      const results: Value[] = [];
      startSteps();
      run(env, document, undefined, (result) => results.push(result));
      return results.map(asDocument);
    },
  };
}
