import { type Context, defineMethod, type Lambda } from '@sluice/bloblang';
import { equals, type Value, ValueTypeError, wrapError } from '@sluice/values';

const VALUE = { name: 'value', type: 'any', description: 'The value to look for.' } as const;
const QUERY = { name: 'query', type: 'query', description: 'What an element is asked; must give a bool.' } as const;

export const find = defineMethod('find', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  description: 'The place of the first element that equals a value, -1 if none does.',
  receiver: 'array',
  parameters: [VALUE],
  examples: [
    { mapping: 'root.place = this.find("b")', input: ['a', 'b', 'c'], output: { place: 1 } },
    { mapping: 'root.place = this.all.find(this.one)', input: { all: [1, 2], one: 3 }, output: { place: -1 } },
  ],
  evaluate: (values, [wanted]) => BigInt(values.findIndex((value) => equals(wanted, value))),
});

export const findAll = defineMethod('find_all', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  description: 'The places of all elements that equal a value.',
  receiver: 'array',
  parameters: [VALUE],
  examples: [{ mapping: 'root.places = this.find_all("b")', input: ['a', 'b', 'c', 'b'], output: { places: [1, 3] } }],
  evaluate: (values, [wanted]) => placesOf(values, (value) => equals(wanted, value)),
});

export const findBy = defineMethod('find_by', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  description: 'The place of the first element for which a query is true, -1 if there is none.',
  receiver: 'array',
  parameters: [QUERY],
  examples: [{ mapping: 'root.place = this.find_by(v -> v > 1)', input: [1, 2, 3], output: { place: 1 } }],
  evaluate: (values, [query], context) => BigInt(values.findIndex((value, index) => matches(query, value, index, context))),
});

export const findAllBy = defineMethod('find_all_by', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  description: 'The places of all elements for which a query is true.',
  receiver: 'array',
  parameters: [QUERY],
  examples: [{ mapping: 'root.places = this.find_all_by(v -> v > 1)', input: [1, 2, 3], output: { places: [1, 2] } }],
  evaluate: (values, [query], context) => placesOf(values, (value, index) => matches(query, value, index, context)),
});

const placesOf = (values: readonly Value[], isWanted: (value: Value, index: number) => boolean): Value[] =>
  values.flatMap((value, index) => (isWanted(value, index) ? [BigInt(index)] : []));

function matches(query: Lambda, value: Value, index: number, context: Context): boolean {
  let result: Value;
  try {
    result = query(value, context);
  } catch (error) {
    throw wrapError(`query returned an error for index ${index}`, error);
  }
  if (typeof result === 'boolean') return result;
  throw wrapError(`query returned a non-boolean value for index ${index}`, new ValueTypeError(result, ['bool']));
}
