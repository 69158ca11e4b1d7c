import { compareText } from '../text/order.ts';
import { decodeText } from '../text/text.ts';
import { Timestamp } from '../time/timestamp.ts';
import { getBool, getNumber, isBeyondFloat, sanitize, truthOfNumber } from './coerce.ts';
import { getKey, isNumber, isObject, type NumberValue, type Value } from './kinds.ts';
import { type Sides, withNumbers } from './settle-pair.ts';
import { TypeMismatchError } from './type-errors.ts';

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * Deep equality: numbers by value whatever their kind, text and bytes by content, arrays and objects by their elements.
 * The left side leads: `true` equals any number but zero, a number equals no bool. A key that is not there counts as null.
 */
export function equals(left: Value, right: Value): boolean {
  // Pairs that are still to be compared: our own stack, because documents nest deeper than calls can.
  const open: Value[] = [];
  for (let a = left, b = right; ; b = open.pop()!, a = open.pop()!) {
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      for (let index = a.length - 1; index >= 0; index--) open.push(a[index]!, b[index]!);
    } else if (isObject(a)) {
      if (!isObject(b) || Object.keys(a).length !== Object.keys(b).length) return false;
      for (const key of Object.keys(a)) open.push(a[key]!, getKey(b, key));
    } else if (!equalScalars(a, b)) {
      return false;
    }
    if (open.length === 0) return true;
  }
}

function equalScalars(left: Value, right: Value): boolean {
  if (left === null) return right === null;
  if (typeof left === 'string') return textOf(right) === left;
  if (typeof left === 'boolean') return (typeof right === 'boolean' ? right : truthOfNumber(right)) === left;
  if (isBeyondFloat(left)) return textOf(right) === left.text;
  if (isNumber(left)) return isNumber(right) && !isBeyondFloat(right) && getNumber(left) === getNumber(right);
  const text = textOf(left);
  return text !== undefined && text === textOf(right);
}

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decodeText(value);
  return value instanceof Timestamp ? value.toString() : undefined;
}

/** The operator `==`, `<` and so on. The type of the left side decides. Throws TypeMismatchError where there is no order. */
export function compare(operator: Comparison, left: Value, right: Value, sides: Sides): boolean {
  if (typeof left === 'number' && typeof right === 'number' && isExact(left) && isExact(right)) return holds(operator, left - right);
  if (isNumber(left) && !isBeyondFloat(left)) return compareNumbers(operator, left, right, sides);
  const text = isBeyondFloat(left) ? left.text : textOf(left);
  if (text !== undefined) return compareTexts(operator, text, left, right, sides);
  if (operator !== '==' && operator !== '!=') {
    throw mismatch(left, right, sides);
  }
  const isSame = typeof left === 'boolean' && isTruth(right) ? getBool(right) === left : equals(left, right);
  return (operator === '==') === isSame;
}

/** Whether a float says all there is about a number of a document, so that comparing floats is comparing the numbers. */
const isExact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const isTruth = (value: Value): boolean => typeof value === 'boolean' || isNumber(value);

function compareTexts(operator: Comparison, text: string, left: Value, right: Value, sides: Sides): boolean {
  const other = textOf(right);
  if (other !== undefined)
    return holds(operator, operator === '==' || operator === '!=' ? Number(text !== other) : compareText(text, other));
  const isSame = isBeyondFloat(right) && right.text === text;
  if (operator === '==') return isSame;
  if (operator === '!=') return !isSame;
  throw mismatch(left, right, sides);
}

function compareNumbers(operator: Comparison, left: NumberValue, right: Value, sides: Sides): boolean {
  if (!isNumber(right) || isBeyondFloat(right)) {
    if (operator === '==') return false;
    if (operator === '!=') return true;
    throw mismatch(sanitize(left), sanitize(right), sides);
  }
  return withNumbers(left, right, {
    onFloats: (a, b) => holds(operator, a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN),
    onIntegers: (a, b) => holds(operator, a === b ? 0 : a < b ? -1 : 1),
  });
}

/** Whether an order (negative, zero, positive; NaN for none) satisfies an operator. */
function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const mismatch = (left: Value, right: Value, sides: Sides): TypeMismatchError =>
  new TypeMismatchError('compare', { annotation: sides.left, value: left }, { annotation: sides.right, value: right });
