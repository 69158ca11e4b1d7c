import { type Context, defineMethod, type Lambda } from '@sluice/bloblang';
import {
  clone,
  DELETED,
  isArray,
  isObject,
  locateError,
  NOTHING,
  setKey,
  type Value,
  type ValueObject,
  ValueTypeError,
  wrapError,
} from '@sluice/values';

export const mapEach = defineMethod('map_each', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description:
    'What a query makes of each element of an array, or of each value of an object, for which `this` is `{"key", "value"}`. ' +
    '`deleted()` leaves the element out, no result keeps it as it is.',
  parameters: [{ name: 'query', type: 'query', description: 'What to make of an element.' }],
  examples: [
    {
      mapping: 'root.n = this.n.map_each(n -> if n < 10 { deleted() } else { n - 10 })',
      input: { n: [3, 11, 4, 17] },
      output: { n: [1, 7] },
    },
    { mapping: 'root = this.map_each(item -> item.value.uppercase())', input: { a: 'x', b: 'y' }, output: { a: 'X', b: 'Y' } },
  ],
  evaluate: (value, [query], context) => {
    if (isArray(value)) return mapArray(value, query, context);
    if (isObject(value)) return mapObject(value, query, context);
    throw new ValueTypeError(value, ['array']);
  },
});

function mapArray(values: readonly Value[], query: Lambda, context: Context): Value[] {
  const mapped: Value[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const result = attempt(query, value, index, context);
    if (result !== DELETED) mapped.push(result === NOTHING ? value : result);
  }
  return mapped;
}

function mapObject(object: ValueObject, query: Lambda, context: Context): ValueObject {
  const mapped: ValueObject = {};
  for (const key of Object.keys(object)) {
    const value = object[key]!;
    const result = attempt(query, { key, value }, key, context);
    if (result !== DELETED) setKey(mapped, key, result === NOTHING ? value : result);
  }
  return mapped;
}

function attempt(query: Lambda, value: Value, place: number | string, context: Context): Value {
  try {
    return query(value, context);
  } catch (error) {
    throw wrapError(`failed to process element ${place}`, locateError(error, query.annotation));
  }
}

export const mapEachKey = defineMethod('map_each_key', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The object with each key replaced by what a query makes of it. No result keeps the key.',
  receiver: 'object',
  parameters: [{ name: 'query', type: 'query', description: 'What to make of a key; must give text.' }],
  examples: [
    { mapping: 'root = this.map_each_key(key -> key.uppercase())', input: { a: 1, b: 2 }, output: { A: 1, B: 2 } },
    { mapping: 'root = this.map_each_key(key -> if key.has_prefix("x") { "_" + key })', input: { xa: 1, b: 2 }, output: { _xa: 1, b: 2 } },
  ],
  evaluate: (object, [query], context) => {
    const mapped: ValueObject = {};
    for (const key of Object.keys(object)) {
      const result = query(key, context);
      if (typeof result === 'string') setKey(mapped, result, object[key]!);
      else if (result === NOTHING) setKey(mapped, key, object[key]!);
      else throw wrapError('unexpected result from key mapping', new ValueTypeError(result, ['string']));
    }
    return mapped;
  },
});

export const filter = defineMethod('filter', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The elements of an array, or the entries of an object (with `this` as `{"key", "value"}`), for which a query is `true`.',
  parameters: [{ name: 'test', type: 'query', description: 'What an element is asked; anything but `true` leaves it out.' }],
  examples: [
    { mapping: 'root.n = this.n.filter(n -> n > 10)', input: { n: [3, 11, 4, 17] }, output: { n: [11, 17] } },
    { mapping: 'root = this.filter(item -> item.value > 1)', input: { a: 1, b: 2 }, output: { b: 2 } },
  ],
  evaluate: (value, [test], context) => {
    if (isArray(value)) return value.filter((element) => test(element, context) === true);
    if (!isObject(value)) throw new ValueTypeError(value, ['array', 'object']);
    const kept: ValueObject = {};
    for (const key of Object.keys(value)) {
      if (test({ key, value: value[key]! }, context) === true) setKey(kept, key, value[key]!);
    }
    return kept;
  },
});

export const fold = defineMethod('fold', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description:
    'One value made of an array: a query is asked for each element, with `this` as `{"tally", "value"}`, and gives the next tally.',
  receiver: 'array',
  parameters: [
    { name: 'initial', type: 'any', description: 'The tally for the first element.' },
    { name: 'query', type: 'query', description: 'What the next tally is.' },
  ],
  examples: [
    { mapping: 'root.sum = this.n.fold(0, item -> item.tally + item.value)', input: { n: [3, 8, 11] }, output: { sum: 22 } },
    {
      mapping: 'root = this.fold({}, item -> item.tally.assign({item.value.k: item.value.v}))',
      input: [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      output: { a: 1, b: 2 },
    },
  ],
  evaluate: (values, [initial, query], context) => {
    let tally = clone(initial);
    for (const value of values) tally = query({ tally, value }, context);
    return tally;
  },
});
