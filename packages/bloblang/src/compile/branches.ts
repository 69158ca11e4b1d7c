import type { Expression, IfExpression, MatchExpression } from '../syntax/ast.ts';
import { BloblangError, wrapError } from '../value/errors.ts';
import { toGoText } from '../value/go-text.ts';
import { NOTHING, type Value } from '../value/kinds.ts';
import { annotationOf } from './annotation.ts';
import type { Context, Evaluate } from './context.ts';
import { goTypeName } from './go-type.ts';
import { patternTest } from './operators.ts';

type Compile = (expression: Expression) => Evaluate;

/** The condition of the expression `if`, where null counts as false. */
export function compileCondition(condition: Expression, index: number, compile: Compile): (context: Context) => boolean {
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

/** If no branch applies, the result is nothing. */
export function compileIf({ branches, otherwise }: IfExpression, compile: Compile): Evaluate {
  const compiled = branches.map(({ condition, result }, index) => ({
    holds: compileCondition(condition, index, compile),
    result: compile(result),
  }));
  const last: Evaluate = otherwise === null ? () => NOTHING : compile(otherwise);
  return (context) => {
    for (const { holds, result } of compiled) {
      if (holds(context)) return result(context);
    }
    return last(context);
  };
}

/** Whether a case applies to a subject; the context has the subject as `this`. */
type Applies = (subject: Value, context: Context) => boolean;

/** If no case applies, the result is nothing. */
export function compileMatch({ subject, cases }: MatchExpression, compile: Compile): Evaluate {
  const evaluateSubject: Evaluate = subject === null ? (context) => context.valueIfAny() ?? null : compile(subject);
  const compiled = cases.map(({ pattern, result }, index) => ({
    applies: compilePattern(pattern, index, compile),
    result: compile(result),
  }));
  return (context) => {
    const value = evaluateSubject(context);
    const inner = context.withValue(value);
    for (const { applies, result } of compiled) {
      if (applies(value, inner)) return result(inner);
    }
    return NOTHING;
  };
}

function compilePattern(pattern: Expression | null, index: number, compile: Compile): Applies {
  if (pattern === null) return () => true;
  if (pattern.kind === 'literal') return patternTest(pattern.value);
  const evaluate = compile(pattern);
  return (_, context) => checked(evaluate, context, `failed to check match case ${index}`) === true;
}
