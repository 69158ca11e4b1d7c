import { formatPath, typeName } from '@sluice/values';
import type { Expression } from '../syntax/ast.ts';

/** How errors name the expression that a value came from. */
export function annotationOf(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.annotation === '' ? `${typeName(expression.value)} literal` : expression.annotation;
    case 'field': {
      const base = typeof expression.base === 'string' ? expression.base : expression.base.name;
      return `field \`${expression.path.length === 0 ? base : `${base}.${formatPath(expression.path)}`}\``;
    }
    case 'path':
      return `path \`${formatPath(expression.path)}\``;
    case 'variable':
      return `variable ${expression.name}`;
    case 'metadata':
      return expression.key === '' ? 'meta object' : `meta field ${expression.key}`;
    case 'array':
      return 'array literal';
    case 'object':
      return 'object literal';
    case 'call':
      return expression.annotation;
    case 'map':
    case 'lambda':
      return annotationOf(expression.body);
    case 'not':
      return `not ${annotationOf(expression.operand)}`;
    // Chains of operators are named after their last operand.
    case 'operator':
      return annotationOf(expression.right);
    case 'match':
      return 'match expression';
    case 'if':
      return 'if expression';
  }
}
