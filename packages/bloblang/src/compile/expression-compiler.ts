import { BloblangError } from '@sluice/values';
import type { Evaluate } from '../query/context.ts';
import type { Query } from '../query/query.ts';
import { callFunction } from '../registry/define-function.ts';
import { callMethod } from '../registry/define-method.ts';
import type { Environment } from '../registry/environment.ts';
import type { ArgumentList } from '../registry/parameters.ts';
import type { Argument, CallExpression, Expression } from '../syntax/ast.ts';
import { compileNode } from './expression.ts';

/**
 * Compiles expressions to closures and binds their calls to the functions and methods of an environment. A node is compiled once,
 * so that a function that keeps state (a counter) has one state for each place where it is called.
 */
export class ExpressionCompiler {
  private readonly environment: Environment;
  private readonly compiled = new WeakMap<Expression, Query>();

  constructor(environment: Environment) {
    this.environment = environment;
  }

  readonly compile = (expression: Expression): Query => {
    let query = this.compiled.get(expression);
    if (query === undefined) {
      query = expression.kind === 'call' ? this.bind(expression) : compileNode(expression, this.compile);
      this.compiled.set(expression, query);
    }
    return query;
  };

  readonly evaluatorOf = (expression: Expression): Evaluate => this.compile(expression).evaluate;

  /** A call whose arguments have been checked. Throws `BloblangError` for an unknown name and for arguments that cannot be right. */
  bind({ name, target, args }: Pick<CallExpression, 'name' | 'target' | 'args'>): Query {
    if (target === null) return callFunction(this.environment.function(name), this.argumentList(args));
    return this.methodOf({ name, args })(this.compile(target));
  }

  /** The node of a call that {@link bind} has bound already. */
  adopt(call: CallExpression, query: Query): CallExpression {
    this.compiled.set(call, query);
    return call;
  }

  /** A method with its arguments, for any target. */
  methodOf({ name, args }: Pick<CallExpression, 'name' | 'args'>): (target: Query) => Query {
    const definition = this.environment.method(name);
    const list = this.argumentList(args);
    return (target) => callMethod(definition, target, list);
  }

  /** Throws `BloblangError` if positional and named arguments are mixed or a name is given twice. */
  private argumentList(args: readonly Argument[]): ArgumentList {
    const named = new Map<string, Query>();
    const positional: Query[] = [];
    for (const { name, value } of args) {
      if (name === null) positional.push(this.compile(value));
      else if (named.has(name)) throw new BloblangError(`duplicate named arg: ${name}`);
      else named.set(name, this.compile(value));
    }
    if (named.size > 0 && positional.length > 0) throw new BloblangError('cannot mix named and nameless arguments');
    return named.size > 0 ? { named } : { positional };
  }
}
