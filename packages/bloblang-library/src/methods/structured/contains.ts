import { defineMethod } from '@sluice/bloblang';
import { equals, isArray, isObject, toBytes, toText, ValueTypeError } from '@sluice/values';

export const contains = defineMethod('contains', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Whether an array or an object has a value among its elements, or a text has another within it.',
  parameters: [{ name: 'value', type: 'any', description: 'What to look for.' }],
  examples: [
    { mapping: 'root.found = this.tags.contains("b")', input: { tags: ['a', 'b'] }, output: { found: true } },
    { mapping: 'root.found = this.n.contains(20)', input: { n: [10.3, 20, 'x'] }, output: { found: true } },
    { mapping: 'root.found = this.text.contains("foo")', input: { text: 'this bar that' }, output: { found: false } },
  ],
  prepare: ([wanted]) => {
    const text = toText(wanted);
    const bytes = Buffer.from(toBytes(wanted));
    return (value) => {
      if (typeof value === 'string') return value.includes(text);
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).includes(bytes);
      if (isArray(value)) return value.some((element) => equals(wanted, element));
      if (isObject(value)) return Object.values(value).some((element) => equals(wanted, element));
      throw new ValueTypeError(value, ['string', 'array', 'object']);
    };
  },
});
