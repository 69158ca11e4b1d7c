import { defineMethod } from '@sluice/bloblang';
import { getInt, isBeyondFloat, isNumber, ValueTypeError } from '@sluice/values';

const bitwise = (name: string, verb: string, output: number, combine: (left: bigint, right: bigint) => bigint) =>
  defineMethod(`bitwise_${name}`, {
    category: 'Number Manipulation',
    status: 'stable',
    description: `The bits of the integer ${verb} those of another.`,
    parameters: [{ name: 'value', type: 'integer', description: 'The other integer.' }],
    examples: [{ mapping: `root.n = this.n.bitwise_${name}(6)`, input: { n: 12 }, output: { n: output } }],
    evaluate: (value, [other]) => {
      if (!isNumber(value) || isBeyondFloat(value)) throw new ValueTypeError(value, ['integer']);
      return combine(getInt(value), other);
    },
  });

export const bitwiseAnd = bitwise('and', 'and', 4, (left, right) => left & right);
export const bitwiseOr = bitwise('or', 'or', 14, (left, right) => left | right);
export const bitwiseXor = bitwise('xor', 'exclusive-or', 10, (left, right) => left ^ right);
