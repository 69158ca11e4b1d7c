import type { Expression } from '../syntax/ast.ts';

/** The expressions that an expression is made of; `null` where an optional one is absent. */
export function childrenOf(expression: Expression): ReadonlyArray<Expression | null> {
  switch (expression.kind) {
    case 'literal':
    case 'field':
    case 'variable':
    case 'metadata':
      return [];
    case 'path':
      return [expression.target];
    case 'array':
      return expression.elements;
    case 'object':
      return expression.entries.flatMap(({ key, value }) => (typeof key === 'string' ? [value] : [key, value]));
    case 'call':
      return [expression.target, ...expression.args.map(({ value }) => value)];
    case 'map':
      return [expression.target, expression.body];
    case 'not':
      return [expression.operand];
    case 'operator':
      return [expression.left, expression.right];
    case 'match':
      return [expression.subject, ...expression.cases.flatMap(({ pattern, result }) => [pattern, result])];
    case 'if':
      return [expression.otherwise, ...expression.branches.flatMap(({ condition, result }) => [condition, result])];
    case 'lambda':
      return [expression.body];
  }
}
