/**
 * Bodies of lambdas that need nothing but the value they are called with, such as `item -> item.price * item.quantity`: functions of that
 * value, for which no context is made.
 */
import type { Value } from '@sluice/values';
import { readerOf } from '../query/read-path.ts';
import type { Expression, OperatorExpression } from '../syntax/ast.ts';
import { annotationOf } from './annotation.ts';
import { isLogical, operationOf, withConstant } from './operators.ts';

type Direct = (value: Value) => Value;

/** Operators within one another; longer chains are left to those who do not nest calls for them. */
const MAX_NESTING = 8;

/** `undefined` where the body may need more than the value of that name. */
export function compileDirect(body: Expression, name: string, nesting = 0): Direct | undefined {
  switch (body.kind) {
    case 'literal': {
      const { value } = body;
      return () => value;
    }
    case 'field':
      return typeof body.base === 'object' && body.base.name === name ? readerOf(body.path) : undefined;
    case 'operator':
      return nesting < MAX_NESTING ? compileOperation(body, name, nesting + 1) : undefined;
    default:
      return undefined;
  }
}

function compileOperation({ operator, left, right }: OperatorExpression, name: string, nesting: number): Direct | undefined {
  if (isLogical(operator)) return undefined;
  const first = compileDirect(left, name, nesting);
  const second = compileDirect(right, name, nesting);
  if (first === undefined || second === undefined) return undefined;
  const operation = operationOf(operator, annotationOf(left), annotationOf(right));
  if (right.kind === 'literal') return withConstant(operator, first, right.value, operation);
  return (value) => operation(first(value), second(value));
}
