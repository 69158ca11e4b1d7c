import { defineMethod } from '@sluice/bloblang';
import { BloblangError, Float64, getNumber, type Value, wrapError } from '@sluice/values';

export const max = defineMethod('max', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The greatest number of an array, as a float. Fails if the array is empty or holds anything else.',
  receiver: 'array',
  examples: [
    { mapping: 'root.top = this.n.max()', input: { n: [0, 3, 2.5, 7, 5] }, output: { top: 7 } },
    { mapping: 'root.n = [0, this.n].max()', input: { n: -1 }, output: { n: 0 } },
  ],
  evaluate: (values) => extreme(values, (value, best) => value > best),
});

export const min = defineMethod('min', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The smallest number of an array, as a float. Fails if the array is empty or holds anything else.',
  receiver: 'array',
  examples: [
    { mapping: 'root.low = this.n.min()', input: { n: [0, 3, -2.5, 7] }, output: { low: -2.5 } },
    { mapping: 'root.n = [10, this.n].min()', input: { n: 23 }, output: { n: 10 } },
  ],
  evaluate: (values) => extreme(values, (value, best) => value < best),
});

function extreme(values: readonly Value[], isBetter: (value: number, best: number) => boolean): Value {
  if (values.length === 0) throw new BloblangError('the array was empty');
  let best = 0;
  values.forEach((value, index) => {
    const number = elementNumber(value, index);
    if (index === 0 || isBetter(number, best)) best = number;
  });
  return new Float64(best);
}

function elementNumber(value: Value, index: number): number {
  try {
    return getNumber(value);
  } catch (error) {
    throw wrapError(`index ${index} of array`, error);
  }
}
