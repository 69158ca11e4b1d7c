import type { Context } from '../compile/context.ts';
import type { Value } from '../value/kinds.ts';
import { type Definition, type Documented, describe } from './definition.ts';
import { type ArgumentList, type Arguments, bindArguments, type Parameter, resolveArguments } from './parameters.ts';
import { literalQuery, type Query } from './query.ts';

interface FunctionSpecBase<P extends readonly Parameter[]> extends Documented {
  readonly parameters?: P;
}

/** The function of its arguments and of the message. */
interface EvaluatedFunction<P extends readonly Parameter[]> extends FunctionSpecBase<P> {
  readonly evaluate: (args: Arguments<P>, context: Context) => Value;
}

/** Work on the arguments is done once for each place of call; state (a counter, a generator) lives in that closure. */
interface PreparedFunction<P extends readonly Parameter[]> extends FunctionSpecBase<P> {
  readonly prepare: (args: Arguments<P>) => Query | Query['evaluate'];
}

export type FunctionSpec<P extends readonly Parameter[]> = EvaluatedFunction<P> | PreparedFunction<P>;

export interface FunctionDefinition extends Definition {
  readonly bind: (args: readonly unknown[]) => Query;
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
    bind: (args) => {
      const bound = prepare(args as Arguments<P>);
      return typeof bound === 'function' ? { annotation, evaluate: bound } : bound;
    },
  };
}

/** The expression `function(args)`. Throws BloblangError for arguments that cannot be right; the parser gives it its place. */
export function callFunction(definition: FunctionDefinition, list: ArgumentList): Query {
  const args = bindArguments(definition, list);
  if (args.dynamic.length === 0) {
    const query = definition.bind(args.values);
    return definition.isStatic ? literalQuery(query.evaluate(undefined as never), query.annotation) : query;
  }
  const callee = `function '${definition.name}'`;
  return {
    annotation: `function ${definition.name}`,
    evaluate: (context) => definition.bind(resolveArguments(callee, args, context)).evaluate(context),
  };
}
