import { defineMethod } from '@sluice/bloblang';
import { ValueTypeError } from '@sluice/values';

export const not = defineMethod('not', {
  category: 'General',
  status: 'stable',
  description: 'The opposite of a bool.',
  examples: [{ mapping: 'root.is_open = this.closed.not()', input: { closed: false }, output: { is_open: true } }],
  bind: (target) => ({
    annotation: `not ${target.annotation}`,
    evaluate: (context) => {
      const value = target.evaluate(context);
      if (typeof value !== 'boolean') throw new ValueTypeError(value, ['bool'], target.annotation);
      return !value;
    },
  }),
});
