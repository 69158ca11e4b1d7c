import { BloblangError, goTypeName, NOTHING, toGoText, type Value, wrapError } from '@sluice/values';
import type { Context, Evaluate } from '../query/context.ts';
import type { Expression, IfExpression, MatchExpression } from '../syntax/ast.ts';
import { annotationOf } from './annotation.ts';
import { patternTest } from './operators.ts';

type Compile = (expression: Expression) => Evaluate;

/** The condition of the expression `if`, where null counts as false. */
function compileCondition(condition: Expression, index: number, compile: Compile): (context: Context) => boolean {
  const evaluate = compile(condition);
  const refuse = nonBoolean(condition);
  const doing = index === 0 ? 'failed to check if condition' : `failed to check if condition ${index}`;
  return (context) => {
    const value = checked(evaluate, context, doing);
    return typeof value === 'boolean' ? value : value === null ? false : refuse(value);
  };
}

/** The condition of the statement `if`, which must be a bool. */
export function compileStatementCondition(condition: Expression, index: number, compile: Compile): (context: Context) => boolean {
  const evaluate = compile(condition);
  const refuse = nonBoolean(condition);
  const doing = `failed to check if condition ${index + 1}`;
  return (context) => {
    const value = checked(evaluate, context, doing);
    return typeof value === 'boolean' ? value : refuse(value);
  };
}

function checked(evaluate: Evaluate, context: Context, doing: string): Value {
  try {
    return evaluate(context);
  } catch (error) {
    throw wrapError(doing, error);
  }
}

const nonBoolean =
  (condition: Expression) =>
  (value: Value): never => {
    throw new BloblangError(`${annotationOf(condition)} resolved to a non-boolean value ${toGoText(value)} (${goTypeName(value)})`);
  };

/** The result that an `if` comes to in a context, or `null` for nothing. */
export function chooserOfIf({ branches, otherwise }: IfExpression, compile: Compile): (context: Context) => Expression | null {
  const compiled = branches.map(({ condition, result }, index) => ({ holds: compileCondition(condition, index, compile), result }));
  return (context) => {
    for (const { holds, result } of compiled) {
      if (holds(context)) return result;
    }
    return otherwise;
  };
}

export function compileIf(expression: IfExpression, compile: Compile): Evaluate {
  const compiled = expression.branches.map(({ condition, result }, index) => ({
    holds: compileCondition(condition, index, compile),
    evaluate: compile(result),
  }));
  const last: Evaluate = expression.otherwise === null ? () => NOTHING : compile(expression.otherwise);
  return (context) => {
    for (const { holds, evaluate } of compiled) {
      if (holds(context)) return evaluate(context);
    }
    return last(context);
  };
}

/** Whether a case applies; the context has the subject as `this`. */
type Applies = (inner: Context) => boolean;

/** The context of the cases, with the subject as `this`. Without a subject that is what `this` was, or null for want of a document. */
function compileSubject({ subject }: MatchExpression, compile: Compile): (context: Context) => Context {
  if (subject === null) return (context) => context.withThis();
  const evaluate = compile(subject);
  return (context) => context.withValue(evaluate(context));
}

/** The result that a `match` comes to in the context of its cases, or `null` for nothing. */
export function chooserOfMatch({ cases }: MatchExpression, compile: Compile): (inner: Context) => Expression | null {
  const compiled = cases.map(({ pattern, result }, index) => ({ applies: compilePattern(pattern, index, compile), result }));
  return (inner) => compiled.find(({ applies }) => applies(inner))?.result ?? null;
}

export function compileMatch(expression: MatchExpression, compile: Compile): Evaluate {
  const enter = compileSubject(expression, compile);
  const compiled = expression.cases.map(({ pattern, result }, index) => ({
    applies: compilePattern(pattern, index, compile),
    evaluate: compile(result),
  }));
  return (context) => {
    const inner = enter(context);
    for (const { applies, evaluate } of compiled) {
      if (applies(inner)) return evaluate(inner);
    }
    return NOTHING;
  };
}

function compilePattern(pattern: Expression | null, index: number, compile: Compile): Applies {
  if (pattern === null) return () => true;
  if (pattern.kind === 'literal') {
    const fits = patternTest(pattern.value);
    return (inner) => fits(inner.valueIfAny() ?? null);
  }
  const evaluate = compile(pattern);
  return (inner) => checked(evaluate, inner, `failed to check match case ${index}`) === true;
}
