import type { Value } from '@sluice/values';
import type { Context } from '../query/context.ts';
import { literalQuery, type Query } from '../query/query.ts';
import { type Definition, type Documented, describe } from './definition.ts';
import { type ArgumentList, type Arguments, bindArguments, type Parameter, resolveArguments } from './parameters.ts';
import { readBoundedFile } from './read-bounded-file.ts';

/** Where a function is called: what only the file that holds the mapping can answer. */
interface CallSite {
  /** The bytes of a file, its path relative to the file that holds the mapping. Throws when it cannot be read. */
  readFile(path: string): Uint8Array;
}

/** A mapping that is in no file: paths are relative to the working directory. */
const WORKING_DIRECTORY: CallSite = { readFile: readBoundedFile };

interface FunctionSpecBase<P extends readonly Parameter[]> extends Documented {
  readonly parameters?: P;
}

/** The function of its arguments and of the message. */
interface EvaluatedFunction<P extends readonly Parameter[]> extends FunctionSpecBase<P> {
  readonly evaluate: (args: Arguments<P>, context: Context) => Value;
}

/** Work on the arguments is done once for each place of call; state (a counter, a generator) lives in that closure. */
interface PreparedFunction<P extends readonly Parameter[]> extends FunctionSpecBase<P> {
  readonly prepare: (args: Arguments<P>, site: CallSite) => Query | Query['evaluate'];
}

type FunctionSpec<P extends readonly Parameter[]> = EvaluatedFunction<P> | PreparedFunction<P>;

export interface FunctionDefinition extends Definition {
  readonly bind: (args: readonly unknown[], site: CallSite) => Query;
}

/** Declares a function of the language. */
export function defineFunction<const P extends readonly Parameter[] = readonly []>(
  name: string,
  spec: FunctionSpec<P>,
): FunctionDefinition {
  const annotation = `function ${name}`;
  const prepare: PreparedFunction<P>['prepare'] =
    'prepare' in spec
      ? spec.prepare
      : (args) =>
          (context: Context): Value =>
            spec.evaluate(args, context);
  return {
    ...describe(name, spec, { parameters: spec.parameters ?? [], isVariadic: false }),
    bind: (args, site) => {
      const bound = prepare(args as Arguments<P>, site);
      return typeof bound === 'function' ? { annotation, evaluate: bound } : bound;
    },
  };
}

/** The expression `function(args)`. Throws BloblangError for arguments that cannot be right; the parser gives it its place. */
export function callFunction(definition: FunctionDefinition, list: ArgumentList, site: CallSite = WORKING_DIRECTORY): Query {
  const args = bindArguments(definition, list);
  if (args.dynamic.length === 0) {
    const query = definition.bind(args.values, site);
    return definition.isStatic ? literalQuery(query.evaluate(undefined as never), query.annotation) : query;
  }
  const callee = `function '${definition.name}'`;
  return {
    annotation: `function ${definition.name}`,
    evaluate: (context) => definition.bind(resolveArguments(callee, args, context), site).evaluate(context),
  };
}
