import { defineMethod } from '@sluice/bloblang';
import { Float64, type Value, wholeInt64 } from '@sluice/values';
import { settledTarget } from './settled-target.ts';

/** A float made whole; integers are left alone. The result is an int64 where it fits. */
const roundedBy =
  (round: (value: number) => number) =>
  (value: Value): Value => {
    const number = settledTarget(value);
    if (!(number instanceof Float64)) return number;
    const rounded = round(number.value);
    return wholeInt64(rounded) ?? new Float64(rounded);
  };

export const ceil = defineMethod('ceil', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number rounded up to a whole one.',
  examples: [
    { mapping: 'root.pages = this.pages.ceil()', input: { pages: 5.3 }, output: { pages: 6 } },
    { mapping: 'root.debt = this.debt.ceil()', input: { debt: -5.9 }, output: { debt: -5 } },
  ],
  evaluate: roundedBy(Math.ceil),
});

export const floor = defineMethod('floor', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number rounded down to a whole one.',
  examples: [
    { mapping: 'root.pages = this.pages.floor()', input: { pages: 5.7 }, output: { pages: 5 } },
    { mapping: 'root.debt = this.debt.floor()', input: { debt: -5.1 }, output: { debt: -6 } },
  ],
  evaluate: roundedBy(Math.floor),
});

export const round = defineMethod('round', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number rounded to the nearest whole one, halves away from zero.',
  examples: [
    { mapping: 'root.n = this.n.round()', input: { n: 5.5 }, output: { n: 6 } },
    { mapping: 'root.n = this.n.round()', input: { n: -5.5 }, output: { n: -6 } },
  ],
  evaluate: roundedBy((value) => (value < 0 ? -roundHalfUp(-value) : roundHalfUp(value))),
});

/** `Math.round` would add the half and thereby lift 0.49999999999999994 to one. */
const roundHalfUp = (value: number): number => (value - Math.floor(value) < 0.5 ? Math.floor(value) : Math.ceil(value));
