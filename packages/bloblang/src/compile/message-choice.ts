import { NOTHING } from '@sluice/values';
import type { Context, Evaluate } from '../query/context.ts';
import type { Expression } from '../syntax/ast.ts';
import { chooserOfIf } from './branches.ts';

/** What the conditions of an expression leave of it in a context. */
interface Choice {
  readonly evaluate: Evaluate;
  /** Whether that is `this` as a whole. */
  readonly isThis: boolean;
}

type Choose = (context: Context) => Choice;

/** Decides the conditions of an expression that may come to `this` as a whole; `undefined` if it cannot. */
export function compileChoice(expression: Expression, compile: (expression: Expression) => Evaluate): Choose | undefined {
  if (expression.kind === 'field') {
    return expression.base === 'this' && expression.path.length === 0 ? always(compile(expression), true) : undefined;
  }
  if (expression.kind !== 'if') return undefined;
  const results = [expression.otherwise, ...expression.branches.map(({ result }) => result)];
  const choices = new Map(results.map((result) => [result, result === null ? undefined : compileChoice(result, compile)]));
  if (results.every((result) => choices.get(result) === undefined)) return undefined;
  for (const result of results) {
    if (choices.get(result) === undefined) choices.set(result, always(result === null ? () => NOTHING : compile(result), false));
  }
  const choose = chooserOfIf(expression, compile);
  return (context) => choices.get(choose(context))!(context);
}

function always(evaluate: Evaluate, isThis: boolean): Choose {
  const choice: Choice = { evaluate, isThis };
  return () => choice;
}
