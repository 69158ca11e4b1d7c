import { BloblangError } from '../errors.ts';
import { checkLength } from '../limits.ts';
import { Timestamp } from '../time/timestamp.ts';
import { getInt, getNumber, getString, isBeyondFloat, sanitize } from './coerce.ts';
import { Float32, Float64, isNumber, type NumberValue, SizedInteger, Uint64, type Value } from './kinds.ts';
import { type Sides, withNumbers } from './settle-pair.ts';
import { TypeMismatchError } from './type-errors.ts';

/** The operator `+` on two numbers, or on text and bytes. Integers wrap. Throws TypeMismatchError. */
export function add(left: Value, right: Value, sides: Sides): Value {
  if (typeof left === 'number' && typeof right === 'number' && Number.isSafeInteger(left) && Number.isSafeInteger(right))
    return BigInt(left + right);
  // The original has no addition for a number of less than 64 bits on the left.
  if (isNumber(left) && !(left instanceof Float32) && !(left instanceof SizedInteger)) {
    return onNumbers('add', left, right, sides, ADD);
  }
  const isText = typeof left === 'string' || left instanceof Uint8Array;
  const isRightText = typeof right === 'string' || right instanceof Uint8Array || right instanceof Timestamp;
  if (!isText || !isRightText) throw mismatch('add', left, right, sides);
  const text = getString(left) + getString(right);
  checkLength(text.length);
  return text;
}

/** The operator `-`. */
export const subtract = (left: Value, right: Value, sides: Sides): Value => onNumbers('subtract', left, right, sides, SUBTRACT);

/** The operator `*`. */
export const multiply = (left: Value, right: Value, sides: Sides): Value => onNumbers('multiply', left, right, sides, MULTIPLY);

/** The operator `/`, on floats always. Throws BloblangError for a zero on the right. */
export function divide(left: Value, right: Value, sides: Sides): Value {
  if (!isFloat(left) || !isFloat(right)) throw mismatch('divide', left, right, sides);
  const divisor = getNumber(right);
  if (divisor === 0) throw divisionByZero(sides);
  return new Float64(getNumber(left) / divisor);
}

/** The operator `%`, on integers always; the result has the sign of the left side. */
export function modulo(left: Value, right: Value, sides: Sides): Value {
  if (!isFloat(left) || !isFloat(right)) throw mismatch('modulo', left, right, sides);
  const divisor = getInt(right);
  if (divisor === 0n) throw divisionByZero(sides);
  return getInt(left) % divisor;
}

/** A number that has a value. */
const isFloat = (value: Value): value is NumberValue => isNumber(value) && !isBeyondFloat(value);

type Operations = Parameters<typeof withNumbers<Value>>[2];

const integer = (value: bigint, isUnsigned: boolean): Value =>
  isUnsigned ? new Uint64(BigInt.asUintN(64, value)) : BigInt.asIntN(64, value);

const ADD: Operations = { onFloats: (a, b) => new Float64(a + b), onIntegers: (a, b, isUnsigned) => integer(a + b, isUnsigned) };
const SUBTRACT: Operations = { onFloats: (a, b) => new Float64(a - b), onIntegers: (a, b, isUnsigned) => integer(a - b, isUnsigned) };
const MULTIPLY: Operations = { onFloats: (a, b) => new Float64(a * b), onIntegers: (a, b, isUnsigned) => integer(a * b, isUnsigned) };

function onNumbers(name: string, left: Value, right: Value, sides: Sides, operations: Operations): Value {
  if (!isFloat(left) || !isFloat(right)) throw mismatch(name, sanitize(left), sanitize(right), sides);
  return withNumbers(left, right, operations);
}

const mismatch = (name: string, left: Value, right: Value, sides: Sides): TypeMismatchError =>
  new TypeMismatchError(name, { annotation: sides.left, value: left }, { annotation: sides.right, value: right });

const divisionByZero = (sides: Sides): BloblangError => new BloblangError(`${sides.right}: attempted to divide by zero`, true);
