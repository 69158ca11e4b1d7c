import type { Expression, Statement } from '../syntax/ast.ts';
import { childrenOf } from './children-of.ts';

/** Whether any expression of a body reads the document that the body is building. */
export const readsRoot = (statements: readonly Statement[]): boolean =>
  statements.some((statement) =>
    statement.kind === 'ifStatement'
      ? statement.branches.some(({ condition, statements: inner }) => mentionsRoot(condition) || readsRoot(inner))
      : mentionsRoot(statement.value),
  );

const mentionsRoot = (expression: Expression | null): boolean =>
  expression !== null && ((expression.kind === 'field' && expression.base === 'root') || childrenOf(expression).some(mentionsRoot));
