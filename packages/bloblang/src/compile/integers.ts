import { Float64, type Value } from '@sluice/values';
import type { ArithmeticOperator } from '../syntax/ast.ts';

/** An operator on two values. Throws `BloblangError` for types that do not go together. */
export type Operation = (left: Value, right: Value) => Value;

interface IntegerOperation {
  /** On floats, and on integers that a float holds exactly; the result of those counts only if it is one too. */
  readonly onSafe: (left: number, right: number) => number;
  readonly onAny: (left: bigint, right: bigint) => bigint;
}

const INTEGER_OPERATIONS: { readonly [O in ArithmeticOperator]?: IntegerOperation } = {
  '+': { onSafe: (left, right) => left + right, onAny: (left, right) => left + right },
  '-': { onSafe: (left, right) => left - right, onAny: (left, right) => left - right },
  '*': { onSafe: (left, right) => left * right, onAny: (left, right) => left * right },
};

/** An arithmetic operator that takes a short way where both sides are integers or untouched numbers, which is where most of the arithmetic is. */
export function withIntegers(operator: ArithmeticOperator, operation: Operation): Operation {
  const integers = INTEGER_OPERATIONS[operator];
  if (integers === undefined) return operation;
  const { onSafe, onAny } = integers;
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') {
      if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) {
        const result = onSafe(left, right);
        if (Number.isSafeInteger(result)) return BigInt(result);
      } else if (isPlain(left) && isPlain(right)) {
        return new Float64(onSafe(left, right));
      }
      return operation(left, right);
    }
    const a = integerOf(left);
    const b = a === undefined ? undefined : integerOf(right);
    return b === undefined ? operation(left, right) : BigInt.asIntN(64, onAny(a!, b));
  };
}

/** Not one of the integers beyond 2^53, which are of 64 bits to the original as long as they fit. */
const isPlain = (value: number): boolean => !Number.isInteger(value) || Number.isSafeInteger(value);

const integerOf = (value: Value): bigint | undefined =>
  typeof value === 'bigint' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
