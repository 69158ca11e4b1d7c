import { defineMethod } from '@sluice/bloblang';
import {
  BloblangError,
  byteLength,
  decodeText,
  encodeText,
  isArray,
  isAscii,
  isObject,
  NIL_ARRAY,
  type Value,
  ValueTypeError,
} from '@sluice/values';

export const index = defineMethod('index', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description:
    'An element of an array, or a byte as a number; a negative place counts from the end, so -1 is the last. Fails beyond the ends.',
  parameters: [{ name: 'index', type: 'integer', description: 'The place, from 0.' }],
  examples: [
    { mapping: 'root.last = this.names.index(-1)', input: { names: ['rachel', 'stevens'] }, output: { last: 'stevens' } },
    { mapping: 'root.byte = this.name.bytes().index(0)', input: { name: 'foo' }, output: { byte: 102 } },
  ],
  evaluate: (value, [place]) => {
    if (!isArray(value) && !(value instanceof Uint8Array)) throw new ValueTypeError(value, ['array']);
    const found = place < 0n ? place + BigInt(value.length) : place;
    if (found < 0n || found >= value.length) {
      throw new BloblangError(`index '${found}' was out of bounds for array size: ${value.length}`);
    }
    return isArray(value) ? value[Number(found)]! : BigInt(value[Number(found)]!);
  },
});

export const length = defineMethod('length', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The number of elements of an array, of keys of an object, or of bytes of a text.',
  examples: [
    { mapping: 'root.size = this.name.length()', input: { name: 'Zoë' }, output: { size: 4 } },
    { mapping: 'root.size = this.length()', input: { a: 1, b: [] }, output: { size: 2 } },
  ],
  evaluate: (value) => {
    if (typeof value === 'string') return BigInt(byteLength(value));
    if (isArray(value) || value instanceof Uint8Array) return BigInt(value.length);
    if (isObject(value)) return BigInt(Object.keys(value).length);
    throw new ValueTypeError(value, ['string', 'array', 'object']);
  },
});

export const slice = defineMethod('slice', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description:
    'A part of an array, of bytes, or of a text counted in bytes: from `low` up to, not including, `high`. Negative bounds count from the end.',
  parameters: [
    { name: 'low', type: 'integer', description: 'Where the part begins.' },
    { name: 'high', type: 'integer', optional: true, description: 'Where it ends; at the end if left out.' },
  ],
  examples: [
    {
      mapping: 'root.start = this.v.slice(0, 2)\nroot.rest = this.v.slice(-4)',
      input: { v: 'foo bar' },
      output: { start: 'fo', rest: ' bar' },
    },
    { mapping: 'root.most = this.v.slice(0, -2)', input: { v: [1, 2, 3, 4, 5] }, output: { most: [1, 2, 3] } },
  ],
  prepare: ([low, high]) => {
    if (high !== undefined && high > 0n && low >= high) {
      throw new BloblangError(`lower slice bound ${low} must be lower than upper (${high})`);
    }
    return (value) => sliceOf(value, { low, high });
  },
});

interface Bounds {
  readonly low: bigint;
  readonly high: bigint | undefined;
}

function sliceOf(value: Value, bounds: Bounds): Value {
  if (typeof value === 'string') {
    if (isAscii(value)) return value.slice(...resolve(bounds, value.length));
    const bytes = encodeText(value);
    return decodeText(bytes.subarray(...resolve(bounds, bytes.length)));
  }
  if (value instanceof Uint8Array) return value.subarray(...resolve(bounds, value.length));
  if (isArray(value)) return value === NIL_ARRAY ? sliceOfNothing(bounds) : value.slice(...resolve(bounds, value.length));
  throw new ValueTypeError(value, ['array', 'string']);
}

function sliceOfNothing(bounds: Bounds): Value {
  resolve(bounds, 0);
  return NIL_ARRAY;
}

function resolve({ low, high }: Bounds, length: number): [number, number] {
  const size = BigInt(length);
  const end = high === undefined ? size : within(high < 0n ? size + high : high, size);
  const start = low < 0n ? within(size + low, size) : low;
  if (start > end) {
    throw new BloblangError(`lower slice bound ${start} must be lower than or equal to upper bound (${end}) and target length (${size})`);
  }
  return [Number(start), Number(end)];
}

const within = (bound: bigint, size: bigint): bigint => (bound < 0n ? 0n : bound > size ? size : bound);
