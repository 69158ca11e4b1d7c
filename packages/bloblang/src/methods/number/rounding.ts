import { settleNumber } from '../../value/coerce.ts';
import { wholeInt64 } from '../../value/convert.ts';
import { ValueTypeError } from '../../value/errors.ts';
import { Float64, isNumber, type Value } from '../../value/kinds.ts';

/** A method that makes a float whole and leaves integers alone. The result is an int64 where it fits. */
export const roundedBy =
  (round: (value: number) => number) =>
  (value: Value): Value => {
    if (!isNumber(value)) throw new ValueTypeError(value, ['number']);
    const number = settleNumber(value);
    if (!(number instanceof Float64)) return number;
    const rounded = round(number.value);
    return wholeInt64(rounded) ?? new Float64(rounded);
  };
