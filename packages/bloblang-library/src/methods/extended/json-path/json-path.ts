import { defineMethod } from '@sluice/bloblang';
import { wrapError } from '@sluice/values';
import { parseExpression } from './parser.ts';
import type { Expression } from './scope.ts';

function compile(source: string): Expression {
  try {
    return parseExpression(source);
  } catch (error) {
    throw wrapError('evaluating json path expression', error);
  }
}

export const jsonPath = defineMethod('json_path', {
  category: 'Object & Array Manipulation',
  status: 'experimental',
  isPlugin: true,
  description:
    'What a JSONPath expression finds in the target. A path that can lead to one value only gives that value and fails if it is not there; ' +
    'one with `..`, `*`, a filter, a range or several keys gives an array of all that it finds. In a filter, `@` is the element; besides ' +
    'paths there are numbers, texts, arithmetic, comparisons, `&&`, `||`, `!`, `=~` (regular expression), `in`, `??` and `? :`.',
  parameters: [{ name: 'expression', type: 'string', description: 'The expression.' }],
  examples: [
    {
      mapping: 'root.ids = this.json_path("$..id")',
      input: { id: 1, items: [{ id: 2 }, { id: 3, name: 'x' }] },
      output: { ids: [1, 2, 3] },
    },
    {
      mapping: 'root.cheap = this.json_path("$.items[?(@.price < 10 && @.unit == \'kg\')].name")',
      input: {
        items: [
          { name: 'flour', price: 1.5, unit: 'kg' },
          { name: 'saffron', price: 9000, unit: 'kg' },
        ],
      },
      output: { cheap: ['flour'] },
    },
    { mapping: 'root.last = this.json_path("$.items[-1:]")', input: { items: [1, 2, 3] }, output: { last: [3] } },
  ],
  prepare: ([source]) => {
    const evaluate = compile(source);
    return (value) => evaluate({ root: value, current: null });
  },
});
