import type { Value } from '@sluice/values';
import type { Argument, Expression, IfBranch, MatchCase, ObjectEntry, Operator } from './ast.ts';

/**
 * Makes the nodes of the syntax tree. What it throws is a parse error: an operator that cannot work on its constants,
 * an unknown function, arguments that make no sense.
 */
export interface Builder {
  literal(value: Value): Expression;
  /** An identifier at the start of a path; `isBound` if a lambda around it took that name. */
  reference(name: string, isBound: boolean): Expression;
  path(target: Expression, path: readonly string[]): Expression;
  variable(name: string): Expression;
  metadata(key: string): Expression;
  array(elements: readonly Expression[]): Expression;
  object(entries: readonly ObjectEntry[]): Expression;
  function(name: string, args: readonly Argument[]): Expression;
  method(name: string, target: Expression, args: readonly Argument[]): Expression;
  map(target: Expression, body: Expression): Expression;
  not(operand: Expression): Expression;
  negative(operand: Expression): Expression;
  /** A flat chain; there is one operator less than operands. */
  arithmetic(operands: readonly Expression[], operators: readonly Operator[]): Expression;
  match(subject: Expression | null, cases: readonly MatchCase[]): Expression;
  if(branches: readonly IfBranch[], otherwise: Expression | null): Expression;
  lambda(name: string, body: Expression): Expression;
}
