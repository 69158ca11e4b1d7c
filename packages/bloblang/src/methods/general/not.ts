import { defineMethod } from '../../registry/define-method.ts';
import { ValueTypeError } from '../../value/errors.ts';

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
