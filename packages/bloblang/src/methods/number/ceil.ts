import { defineMethod } from '../../registry/define-method.ts';
import { roundedBy } from './rounding.ts';

export const ceil = defineMethod('ceil', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number rounded up to a whole one. An integer stays as it is.',
  examples: [
    { mapping: 'root.pages = this.pages.ceil()', input: { pages: 5.3 }, output: { pages: 6 } },
    { mapping: 'root.debt = this.debt.ceil()', input: { debt: -5.9 }, output: { debt: -5 } },
  ],
  evaluate: roundedBy(Math.ceil),
});
