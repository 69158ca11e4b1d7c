import { getNumber, settleNumber } from './coerce.ts';
import { Float64, type NumberValue, Uint64 } from './kinds.ts';

/** How errors name the two sides of an operator. */
export interface Sides {
  readonly left: string;
  readonly right: string;
}

interface PairOperations<T> {
  readonly onFloats: (left: number, right: number) => T;
  /** Both within 64 bits; `isUnsigned` if both are unsigned. */
  readonly onIntegers: (left: bigint, right: bigint, isUnsigned: boolean) => T;
}

/** Go's rule for two numbers: floats if either is a float, else signed integers if either is signed, else unsigned ones. */
export function withNumbers<T>(left: NumberValue, right: NumberValue, operations: PairOperations<T>): T {
  const a = settleNumber(left);
  const b = settleNumber(right);
  if (a instanceof Float64 || b instanceof Float64) return operations.onFloats(getNumber(a), getNumber(b));
  if (a instanceof Uint64 && b instanceof Uint64) return operations.onIntegers(a.value, b.value, true);
  return operations.onIntegers(signed(a), signed(b), false);
}

const signed = (value: bigint | Uint64): bigint => (value instanceof Uint64 ? BigInt.asIntN(64, value.value) : value);
