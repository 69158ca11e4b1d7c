import type { Expression, Statement } from '../syntax/ast.ts';

/** Whether any expression of a body reads the document that the body is building. */
export const readsRoot = (statements: readonly Statement[]): boolean =>
  statements.some((statement) =>
    statement.kind === 'ifStatement'
      ? statement.branches.some(({ condition, statements: inner }) => mentionsRoot(condition) || readsRoot(inner))
      : mentionsRoot(statement.value),
  );

const mentionsRoot = (expression: Expression | null): boolean =>
  expression !== null && ((expression.kind === 'field' && expression.base === 'root') || childrenOf(expression).some(mentionsRoot));

function childrenOf(expression: Expression): ReadonlyArray<Expression | null> {
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
