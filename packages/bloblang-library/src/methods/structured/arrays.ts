import { defineMethod, defineVariadicMethod } from '@sluice/bloblang';
import { BloblangError, checkElements, checkLength, decodeText, isArray, type Value, ValueTypeError, wrapError } from '@sluice/values';

export const append = defineVariadicMethod('append', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The array with the arguments behind its elements.',
  receiver: 'array',
  examples: [{ mapping: 'root.tags = this.tags.append("c", "d")', input: { tags: ['a', 'b'] }, output: { tags: ['a', 'b', 'c', 'd'] } }],
  prepare: (added) => (values) => {
    checkElements(values.length + added.length);
    return [...values, ...added];
  },
});

export const concat = defineVariadicMethod('concat', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The elements of the array, followed by those of the arguments, which must be arrays too.',
  isPlugin: true,
  receiver: 'array',
  examples: [{ mapping: 'root.all = this.a.concat(this.b, [5])', input: { a: [1, 2], b: [3, 4] }, output: { all: [1, 2, 3, 4, 5] } }],
  prepare: (args) => {
    const arrays = args.map(arrayArgument);
    return (values) => {
      checkElements(arrays.reduce((size, array) => size + array.length, values.length));
      return values.concat(...arrays);
    };
  },
});

export const zip = defineVariadicMethod('zip', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Arrays of the elements that have the same place in the array and in the arguments, which must be as long.',
  isPlugin: true,
  receiver: 'array',
  examples: [
    {
      mapping: 'root = this.a.zip(this.b)',
      input: { a: ['x', 'y'], b: [1, 2] },
      output: [
        ['x', 1],
        ['y', 2],
      ],
    },
  ],
  prepare: (args) => {
    const arrays = args.map(arrayArgument);
    const isEven = (size: number): boolean => arrays.every((array) => array.length === size);
    if (!isEven(arrays[0]?.length ?? 0)) throw new BloblangError("can't zip different length array values");
    return (values) => {
      if (arrays.length === 0) throw new BloblangError('zip requires at least one argument');
      if (!isEven(values.length)) throw new BloblangError("can't zip different length array values");
      return values.map((value, place) => [value, ...arrays.map((array) => array[place]!)]);
    };
  },
});

function arrayArgument(value: Value): Value[] {
  if (!isArray(value)) throw new ValueTypeError(value, ['array']);
  return value;
}

export const flatten = defineMethod('flatten', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The array with the elements of the arrays within it in their place; deeper ones stay.',
  receiver: 'array',
  examples: [{ mapping: 'root.flat = this.flatten()', input: ['a', ['b', ['c']], 'd'], output: { flat: ['a', 'b', ['c'], 'd'] } }],
  evaluate: (values) => {
    checkElements(values.reduce<number>((size, value) => size + (isArray(value) ? value.length : 1), 0));
    return values.flat() as Value[];
  },
});

export const enumerated = defineMethod('enumerated', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The elements as objects `{"index", "value"}`.',
  receiver: 'array',
  examples: [
    {
      mapping: 'root = this.enumerated()',
      input: ['a', 'b'],
      output: [
        { index: 0, value: 'a' },
        { index: 1, value: 'b' },
      ],
    },
  ],
  evaluate: (values) => values.map((value, place) => ({ index: BigInt(place), value })),
});

export const join = defineMethod('join', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The texts of an array in one, with a delimiter between them.',
  receiver: 'array',
  parameters: [{ name: 'delimiter', type: 'string', optional: true, description: 'What to put between two texts; nothing if left out.' }],
  examples: [
    { mapping: 'root.line = this.words.join(", ")', input: { words: ['a', 'b'] }, output: { line: 'a, b' } },
    { mapping: 'root.line = this.n.map_each(n -> n.string()).join()', input: { n: [3, 8] }, output: { line: '38' } },
  ],
  evaluate: (values, [delimiter = '']) => joinTexts(values, delimiter),
});

function joinTexts(values: readonly Value[], delimiter: string): string {
  let size = 0;
  const texts = values.map((value, place) => {
    const text = typeof value === 'string' ? value : value instanceof Uint8Array ? decodeText(value) : undefined;
    if (text === undefined) throw wrapError(`failed to join element ${place}`, new ValueTypeError(value, ['string']));
    size += text.length + delimiter.length;
    checkLength(size);
    return text;
  });
  return texts.join(delimiter);
}
