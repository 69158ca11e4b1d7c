import { defineMethod } from '@sluice/bloblang';
import { BloblangError, isArray, isObject, typeName, ValueTypeError } from '@sluice/values';

export const array = defineMethod('array', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target in an array of its own, unless it is one.',
  examples: [
    { mapping: 'root.tags = this.tags.array()', input: { tags: 'red' }, output: { tags: ['red'] } },
    { mapping: 'root.tags = this.tags.array()', input: { tags: ['red'] }, output: { tags: ['red'] } },
  ],
  evaluate: (value) => (isArray(value) ? value : [value]),
});

export const type = defineMethod('type', {
  category: 'Type Coercion',
  status: 'stable',
  description:
    'The name of the type of the target: `string`, `bytes`, `number`, `bool`, `timestamp`, `array`, `object`, `null`, `delete` or `nothing`.',
  examples: [
    {
      mapping: 'root.types = this.values.map_each(v -> v.type())',
      input: { values: ['a', 1, null, []] },
      output: { types: ['string', 'number', 'null', 'array'] },
    },
    { mapping: 'root.type = content().type()', input: 'text', output: { type: 'bytes' } },
  ],
  evaluate: (value) => typeName(value),
});

export const notNull = defineMethod('not_null', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target; fails if it is null.',
  examples: [
    { mapping: 'root.id = this.id.not_null()', input: { id: 7 }, output: { id: 7 } },
    { mapping: 'root.id = this.id.not_null()', input: {}, error: 'failed assignment (line 1): field `this.id`: value is null' },
  ],
  evaluate: (value) => {
    if (value === null) throw new BloblangError('value is null');
    return value;
  },
});

export const notEmpty = defineMethod('not_empty', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target, a text, array or object; fails if there is nothing in it.',
  examples: [
    { mapping: 'root.tags = this.tags.not_empty()', input: { tags: ['a'] }, output: { tags: ['a'] } },
    {
      mapping: 'root.tags = this.tags.not_empty()',
      input: { tags: [] },
      error: 'failed assignment (line 1): field `this.tags`: array value is empty',
    },
  ],
  evaluate: (value) => {
    if (typeof value !== 'string' && !isArray(value) && !isObject(value)) throw new ValueTypeError(value, ['string', 'array', 'object']);
    const size = typeof value === 'string' || isArray(value) ? value.length : Object.keys(value).length;
    if (size === 0) throw new BloblangError(`${typeName(value)} value is empty`);
    return value;
  },
});
