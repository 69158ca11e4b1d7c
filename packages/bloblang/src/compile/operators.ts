import { add, compare, divide, equals, Float64, getBool, isNull, modulo, multiply, subtract, type Value } from '@sluice/values';
import type { Evaluate } from '../query/context.ts';
import type { ArithmeticOperator, ComparisonOperator, LogicalOperator, Operator } from '../syntax/ast.ts';
import { type Operation, withIntegers } from './integers.ts';

/** How errors name the two sides. */
interface Sides {
  readonly left: string;
  readonly right: string;
}

const ARITHMETIC: { readonly [O in ArithmeticOperator]: (left: Value, right: Value, sides: Sides) => Value } = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
};

export const isLogical = (operator: Operator): operator is LogicalOperator => operator === '&&' || operator === '||' || operator === '|';

const isArithmetic = (operator: Operator): operator is ArithmeticOperator => operator in ARITHMETIC;

/** An arithmetic operator or a comparison, with the names of its sides for errors. */
export function operationOf(operator: ArithmeticOperator | ComparisonOperator, left: string, right: string): Operation {
  const sides: Sides = { left, right };
  if (isArithmetic(operator)) {
    const operate = ARITHMETIC[operator];
    return withIntegers(operator, (a, b) => operate(a, b, sides));
  }
  if (operator === '==') return (a, b) => (typeof a === 'string' && typeof b === 'string' ? a === b : compare('==', a, b, sides));
  if (operator === '!=') return (a, b) => (typeof a === 'string' && typeof b === 'string' ? a !== b : compare('!=', a, b, sides));
  return (a, b) => compare(operator, a, b, sides);
}

/** An operation between an expression and a constant. What can be decided by the constant's type is decided here, once. */
export function withConstant<From>(
  operator: ArithmeticOperator | ComparisonOperator,
  left: (from: From) => Value,
  right: Value,
  operation: Operation,
): (from: From) => Value {
  if (typeof right === 'string') {
    if (operator === '==') {
      return (from) => {
        const value = left(from);
        return typeof value === 'string' ? value === right : operation(value, right);
      };
    }
    if (operator === '!=') {
      return (from) => {
        const value = left(from);
        return typeof value === 'string' ? value !== right : operation(value, right);
      };
    }
  }
  const test = numberTest(operator, right);
  if (test !== undefined) {
    return (from) => {
      const value = left(from);
      return typeof value === 'number' ? test(value) : operation(value, right);
    };
  }
  return (from) => operation(left(from), right);
}

/**
 * A comparison of an untouched number with a constant that a float holds exactly. Floats then compare as the numbers do, whether
 * the original would take them for integers or for floats.
 */
function numberTest(operator: Operator, constant: Value): ((left: number) => boolean) | undefined {
  const right = typeof constant === 'bigint' ? Number(constant) : constant instanceof Float64 ? constant.value : Number.NaN;
  if (!Number.isFinite(right) || (typeof constant === 'bigint' && !Number.isSafeInteger(right))) return undefined;
  switch (operator) {
    case '==':
      return (left) => left === right;
    case '!=':
      return (left) => left !== right;
    case '<':
      return (left) => left < right;
    case '<=':
      return (left) => left <= right;
    case '>':
      return (left) => left > right;
    case '>=':
      return (left) => left >= right;
    default:
      return undefined;
  }
}

/** `&&` and `||` take bools and numbers, and stop as soon as the result is known; `|` recovers from errors and null. */
export function logical(operator: LogicalOperator, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === '&&') return (context) => getBool(left(context)) && getBool(right(context));
  if (operator === '||') return (context) => getBool(left(context)) || getBool(right(context));
  return (context) => {
    let value: Value;
    try {
      value = left(context);
    } catch {
      return right(context);
    }
    return isNull(value) ? right(context) : value;
  };
}

/** Whether a match pattern that is a constant fits a subject. */
export function patternTest(pattern: Value): (subject: Value) => boolean {
  if (typeof pattern !== 'string') return (subject) => equals(subject, pattern);
  return (subject) => (typeof subject === 'string' ? subject === pattern : equals(subject, pattern));
}
