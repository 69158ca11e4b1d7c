import { defineMethod } from '@sluice/bloblang';
import {
  decodeText,
  Float64,
  getNumber,
  isArray,
  isBeyondFloat,
  isNumber,
  sanitize,
  type Value,
  ValueTypeError,
  wrapError,
} from '@sluice/values';

export const sum = defineMethod('sum', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The sum of the numbers of an array, as a float.',
  examples: [{ mapping: 'root.total = this.prices.sum()', input: { prices: [10.5, 20.25, 5] }, output: { total: 35.75 } }],
  bind: (target) => (context) => {
    const value = target.evaluate(context);
    if (isNumber(value)) return value;
    if (!isArray(value)) throw new ValueTypeError(value, ['array'], target.annotation);
    return new Float64(total(value));
  },
});

/** Of several elements that are no numbers the last is the one reported. */
function total(values: readonly Value[]): number {
  let failure: Error | undefined;
  let result = 0;
  values.forEach((value, place) => {
    try {
      result += getNumber(value);
    } catch (error) {
      failure = wrapError(`index ${place}`, error);
    }
  });
  if (failure !== undefined) throw failure;
  return result;
}

export const unique = defineMethod('unique', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description:
    'The elements of an array without repetitions; the first of equals stays. They must be texts or numbers, or `emit` must give one for each.',
  receiver: 'array',
  parameters: [{ name: 'emit', type: 'query', optional: true, description: 'What to compare elements by.' }],
  examples: [
    { mapping: 'root.tags = this.tags.unique()', input: { tags: ['a', 'b', 'a', 'c'] }, output: { tags: ['a', 'b', 'c'] } },
    {
      mapping: 'root = this.unique(u -> u.id)',
      input: [
        { id: 1, n: 'x' },
        { id: 1, n: 'y' },
      ],
      output: [{ id: 1, n: 'x' }],
    },
  ],
  evaluate: (values, [emit], context) => {
    const seen = new Set<string | number>();
    return values.filter((value, place) => {
      try {
        const key = keyOf(emit === undefined ? value : emit(value, context));
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      } catch (error) {
        throw wrapError(`index ${place}`, error);
      }
    });
  },
});

function keyOf(value: Value): string | number {
  if (isNumber(value) && !isBeyondFloat(value)) return getNumber(value);
  const plain = sanitize(value);
  if (typeof plain === 'string') return plain;
  if (plain instanceof Uint8Array) return decodeText(plain);
  throw new ValueTypeError(value, ['string', 'number']);
}
