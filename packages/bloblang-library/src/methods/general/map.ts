import { defineMethod } from '@sluice/bloblang';

export const map = defineMethod('map', {
  category: 'General',
  status: 'stable',
  description: 'Evaluates a query with `this` set to the target; `target.(query)` is short for it.',
  parameters: [{ name: 'query', type: 'query', description: 'What to evaluate.' }],
  examples: [
    {
      mapping: 'root.name = this.user.map(this.first + " " + this.last)',
      input: { user: { first: 'A', last: 'L' } },
      output: { name: 'A L' },
    },
  ],
  bind: (target, [query]) => ({
    annotation: query.annotation,
    evaluate: (context) => query(target.evaluate(context), context),
  }),
});
