import type { Query } from '../registry/query.ts';
import type { Expression, LambdaExpression, NotExpression, OperatorExpression } from '../syntax/ast.ts';
import { BloblangError, NoContextError, ValueTypeError, wrapError } from '../value/errors.ts';
import type { Value } from '../value/kinds.ts';
import { annotationOf } from './annotation.ts';
import { compileIf, compileMatch } from './branches.ts';
import type { Context, Evaluate } from './context.ts';
import { compileField, readerOf } from './field.ts';
import { isLogical, logical, operationOf, withConstant } from './operators.ts';
import { compileArray, compileObject } from './structures.ts';

const compiled = new WeakMap<Expression, Query>();

/** An expression as closures. Nodes are compiled once, as soon as they are part of a call. */
export function compileExpression(expression: Expression): Query {
  let query = compiled.get(expression);
  if (query === undefined) {
    query = queryOf(expression);
    compiled.set(expression, query);
  }
  return query;
}

const evaluatorOf = (expression: Expression): Evaluate => compileExpression(expression).evaluate;

function queryOf(expression: Expression): Query {
  if (expression.kind === 'call') return expression.query;
  const annotation = annotationOf(expression);
  if (expression.kind === 'lambda') return { annotation, ...compileLambda(expression) };
  const evaluate = compileNode(expression);
  return expression.kind === 'literal' ? { annotation, evaluate, literal: { value: expression.value } } : { annotation, evaluate };
}

function compileNode(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'call':
      return expression.query.evaluate;
    case 'lambda':
      return compileLambda(expression).evaluate;
    case 'field':
      return compileField(expression);
    case 'path': {
      const target = evaluatorOf(expression.target);
      const read = readerOf(expression.path);
      return (context) => read(target(context));
    }
    case 'variable':
      return compileVariable(expression.name);
    case 'metadata':
      return compileMetadata(expression.key);
    case 'array':
      return compileArray(expression, evaluatorOf);
    case 'object':
      return compileObject(expression, evaluatorOf);
    case 'map': {
      const target = evaluatorOf(expression.target);
      const body = compileExpression(expression.body);
      const run = body.evaluateWith ?? ((value: Value, context: Context) => body.evaluate(context.withValue(value)));
      return (context) => run(target(context), context);
    }
    case 'not':
      return compileNot(expression);
    case 'operator':
      return compileOperator(expression);
    case 'match':
      return compileMatch(expression, evaluatorOf);
    case 'if':
      return compileIf(expression, evaluatorOf);
  }
}

function compileVariable(name: string): Evaluate {
  return ({ frame }) => {
    if (frame.variables === null) throw new BloblangError('variables were undefined');
    const value = frame.variables.get(name);
    if (value === undefined) throw new BloblangError(`variable '${name}' undefined`);
    return value;
  };
}

function compileMetadata(key: string): Evaluate {
  return ({ execution }) => {
    const metadata = execution.outputMetadata();
    if (metadata === null) throw new BloblangError('metadata cannot be queried in this context');
    if (key === '') return { ...metadata };
    return Object.hasOwn(metadata, key) ? metadata[key]! : null;
  };
}

function compileNot({ operand }: NotExpression): Evaluate {
  const { evaluate, annotation } = compileExpression(operand);
  return (context) => {
    const value = evaluate(context);
    if (typeof value !== 'boolean') throw new ValueTypeError(value, ['bool'], annotation);
    return !value;
  };
}

/** A chain such as `a + b + c` hangs to the left; it is walked down here so that a long one does not nest calls. */
function compileOperator(expression: OperatorExpression): Evaluate {
  const spine: OperatorExpression[] = [];
  let first: Expression = expression;
  while (first.kind === 'operator') {
    spine.push(first);
    first = first.left;
  }
  let evaluate = evaluatorOf(first);
  for (const node of spine.reverse()) evaluate = applyOperator(node, evaluate);
  return evaluate;
}

function applyOperator({ operator, left, right }: OperatorExpression, evaluateLeft: Evaluate): Evaluate {
  const evaluateRight = evaluatorOf(right);
  if (isLogical(operator)) return logical(operator, evaluateLeft, evaluateRight);
  const operation = operationOf(operator, annotationOf(left), annotationOf(right));
  if (right.kind === 'literal') return withConstant(operator, evaluateLeft, right.value, operation);
  return (context) => operation(evaluateLeft(context), evaluateRight(context));
}

/** The body of a lambda sees the outer `this`, and the value under its name. */
function compileLambda({ name, body }: LambdaExpression): Pick<Query, 'evaluate' | 'evaluateWith'> {
  const { evaluate } = compileExpression(body);
  const value = (context: Context): Value => {
    const current = context.valueIfAny();
    if (current === undefined) throw wrapError(`failed to capture context ${name}`, new NoContextError(''));
    return current;
  };
  if (name === '_') {
    return {
      evaluate: (context) => {
        value(context);
        return evaluate(context.withoutValue());
      },
      evaluateWith: (_, context) => evaluate(context.withNothing()),
    };
  }
  return {
    evaluate: (context) => evaluate(context.capturing(name, value(context))),
    evaluateWith: (current, context) => evaluate(context.withNamed(name, current)),
  };
}
