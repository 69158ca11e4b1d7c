import type { Path, Value } from '@sluice/values';
import type { Context } from './context.ts';

/** A compiled expression. */
export interface Query {
  /** How error texts name the expression: ``field `this.a` ``, `string literal`, `method uppercase`. */
  readonly annotation: string;
  evaluate(context: Context): Value;
  /** Set when the expression is a constant. */
  readonly literal?: { readonly value: Value };
  /** Evaluates with `this` set to `value`; given where it is cheaper than a new context. */
  readonly evaluateWith?: (value: Value, context: Context) => Value;
  /** The expression for what is at a path below this one; given where errors name such a path as a whole. */
  readonly at?: (path: Path) => Query;
}

/** An argument that is evaluated once per element, with `this` (or its named parameter) set to it. */
export interface Lambda {
  (value: Value, context: Context): Value;
  readonly annotation: string;
  /** The argument itself, for those who evaluate it with `this` as it is. */
  readonly query: Query;
}

export const literalQuery = (value: Value, annotation: string): Query => ({ annotation, literal: { value }, evaluate: () => value });

export function toLambda(query: Query): Lambda {
  const call = query.evaluateWith ?? ((value: Value, context: Context) => query.evaluate(context.withValue(value)));
  return Object.assign((value: Value, context: Context) => call(value, context), { annotation: query.annotation, query });
}
