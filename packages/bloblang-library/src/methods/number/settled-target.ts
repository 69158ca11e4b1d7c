import {
  Float32,
  type Float64,
  isNumber,
  SizedInteger,
  settleNumber,
  type Uint64,
  type Value,
  ValueTypeError,
  wrapError,
} from '@sluice/values';

/** The target of a rounding or a logarithm. Throws for what is no number, for one of less than 64 bits, and beyond the range of floats. */
export function settledTarget(value: Value): bigint | Uint64 | Float64 {
  if (!isNumber(value) || value instanceof Float32 || value instanceof SizedInteger) throw new ValueTypeError(value, ['number']);
  try {
    return settleNumber(value);
  } catch (error) {
    throw wrapError('failed to parse number', error);
  }
}
