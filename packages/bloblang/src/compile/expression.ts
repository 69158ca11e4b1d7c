import { BloblangError, NoContextError, type Value, ValueTypeError, wrapError } from '@sluice/values';
import { type Context, countStep, type Evaluate } from '../query/context.ts';
import { allMetadata, fromMetadata } from '../query/metadata.ts';
import { literalQuery, type Query } from '../query/query.ts';
import { readerOf } from '../query/read-path.ts';
import type {
  ArrayExpression,
  CallExpression,
  Expression,
  FieldReference,
  IfExpression,
  LambdaExpression,
  MapExpression,
  MatchExpression,
  MetadataReference,
  NotExpression,
  ObjectExpression,
  OperatorExpression,
  PathReference,
  VariableReference,
} from '../syntax/ast.ts';
import { annotationOf } from './annotation.ts';
import { compileIf, compileMatch } from './branches.ts';
import { compileDirect } from './direct.ts';
import { compileField } from './field.ts';
import { isLogical, logical, operationOf, withConstant } from './operators.ts';
import { compileArray, compileObject } from './structures.ts';

/** What compiles the parts of an expression. */
type Compile = (expression: Expression) => Query;

/** An expression as closures; calls are bound by the compiler that asks. */
export function compileNode(expression: Exclude<Expression, CallExpression>, compile: Compile): Query {
  const annotation = annotationOf(expression);
  if (expression.kind === 'lambda') return { annotation, ...compileLambda(expression, compile) };
  if (expression.kind === 'literal') return literalQuery(expression.value, annotation);
  return { annotation, evaluate: evaluatorOf(expression, compile) };
}

type Node =
  | ArrayExpression
  | FieldReference
  | IfExpression
  | MapExpression
  | MatchExpression
  | MetadataReference
  | NotExpression
  | ObjectExpression
  | OperatorExpression
  | PathReference
  | VariableReference;

function evaluatorOf(expression: Node, compile: Compile): Evaluate {
  const evaluator = (part: Expression): Evaluate => compile(part).evaluate;
  switch (expression.kind) {
    case 'field':
      return compileField(expression);
    case 'path': {
      const target = evaluator(expression.target);
      const read = readerOf(expression.path);
      return (context) => read(target(context));
    }
    case 'variable':
      return compileVariable(expression.name);
    case 'metadata':
      return compileMetadata(expression.key);
    case 'array':
      return compileArray(expression, evaluator);
    case 'object':
      return compileObject(expression, evaluator);
    case 'map': {
      const target = evaluator(expression.target);
      const body = compile(expression.body);
      const run = body.evaluateWith ?? ((value: Value, context: Context) => body.evaluate(context.withValue(value)));
      return (context) => run(target(context), context);
    }
    case 'not':
      return compileNot(expression, compile);
    case 'operator':
      return compileOperator(expression, evaluator);
    case 'match':
      return compileMatch(expression, evaluator);
    case 'if':
      return compileIf(expression, evaluator);
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
    if (key === '') return allMetadata(metadata);
    return Object.hasOwn(metadata, key) ? fromMetadata(metadata[key]!) : null;
  };
}

function compileNot({ operand }: NotExpression, compile: Compile): Evaluate {
  const { evaluate, annotation } = compile(operand);
  return (context) => {
    const value = evaluate(context);
    if (typeof value !== 'boolean') throw new ValueTypeError(value, ['bool'], annotation);
    return !value;
  };
}

/** A chain such as `a + b + c` hangs to the left; it is walked down here so that a long one does not nest calls. */
function compileOperator(expression: OperatorExpression, evaluator: (part: Expression) => Evaluate): Evaluate {
  const spine: OperatorExpression[] = [];
  let first: Expression = expression;
  while (first.kind === 'operator') {
    spine.push(first);
    first = first.left;
  }
  let evaluate = evaluator(first);
  for (const node of spine.reverse()) evaluate = applyOperator(node, evaluate, evaluator(node.right));
  return evaluate;
}

function applyOperator({ operator, left, right }: OperatorExpression, evaluateLeft: Evaluate, evaluateRight: Evaluate): Evaluate {
  if (isLogical(operator)) return logical(operator, evaluateLeft, evaluateRight);
  const operation = operationOf(operator, annotationOf(left), annotationOf(right));
  if (right.kind === 'literal') return withConstant(operator, evaluateLeft, right.value, operation);
  return (context) => operation(evaluateLeft(context), evaluateRight(context));
}

/** The body of a lambda sees the outer `this`, and the value under its name. */
function compileLambda({ name, body }: LambdaExpression, compile: Compile): Pick<Query, 'evaluate' | 'evaluateWith'> {
  const { evaluate } = compile(body);
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
  const direct = compileDirect(body, name);
  return {
    evaluate: (context) => evaluate(context.capturing(name, value(context))),
    evaluateWith: direct
      ? (current, { execution }) => {
          countStep(execution);
          return direct(current);
        }
      : (current, context) => evaluate(context.withNamed(name, current)),
  };
}
