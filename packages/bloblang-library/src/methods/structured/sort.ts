import { type Context, defineMethod, type Lambda } from '@sluice/bloblang';
import { compareText, getNumber, getString, isArray, isNumber, locateError, type Value, ValueTypeError, wrapError } from '@sluice/values';
import { goSort } from './go-sort.ts';

export const sort = defineMethod('sort', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The array in ascending order: all numbers, all texts, or as `compare` says. Elements that compare equal may change places.',
  parameters: [
    { name: 'compare', type: 'query', optional: true, description: 'Whether `left` comes before `right`; `this` is `{"left", "right"}`.' },
  ],
  examples: [
    { mapping: 'root.names = this.names.sort()', input: { names: ['b', 'c', 'a'] }, output: { names: ['a', 'b', 'c'] } },
    { mapping: 'root.n = this.n.sort(item -> item.left > item.right)', input: { n: [1, 3, 2] }, output: { n: [3, 2, 1] } },
  ],
  bind:
    (target, [compare]) =>
    (context) => {
      const sorted = copyOf(target.evaluate(context), target.annotation);
      const name = (error: unknown, place: number): Error => wrapError(`sort element ${place}`, error);
      goSort({
        length: sorted.length,
        less: (i, j) =>
          compare === undefined ? isLess(sorted[i]!, sorted[j]!, i, j, name) : isBefore(compare, sorted[i]!, sorted[j]!, context),
        swap: (i, j) => exchange(sorted, i, j),
      });
      return sorted;
    },
});

export const sortBy = defineMethod('sort_by', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'The array in ascending order of what a query gives for each element: all numbers or all texts.',
  parameters: [{ name: 'query', type: 'query', description: 'What to compare an element by.' }],
  examples: [
    {
      mapping: 'root = this.sort_by(e -> e.id)',
      input: [{ id: 'b' }, { id: 'a' }, { id: 'c' }],
      output: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
    },
  ],
  bind:
    (target, [query]) =>
    (context) => {
      const sorted = copyOf(target.evaluate(context), target.annotation);
      const keys: (Value | undefined)[] = sorted.map(() => undefined);
      const keyAt = (place: number): Value => (keys[place] ??= query(sorted[place]!, context));
      const name = (error: unknown, place: number): Error => wrapError(`sort_by element ${place}`, locateError(error, query.annotation));
      goSort({
        length: sorted.length,
        less: (i, j) => isLess(keyAt(i), keyAt(j), i, j, name),
        swap: (i, j) => {
          exchange(sorted, i, j);
          exchange(keys, i, j);
        },
      });
      return sorted;
    },
});

function copyOf(value: Value, annotation: string): Value[] {
  if (!isArray(value)) throw new ValueTypeError(value, ['array'], annotation);
  return value.slice();
}

function exchange<T>(values: T[], i: number, j: number): void {
  const kept = values[i]!;
  values[i] = values[j]!;
  values[j] = kept;
}

function isBefore(compare: Lambda, left: Value, right: Value, context: Context): boolean {
  const result = compare({ left, right }, context);
  if (typeof result !== 'boolean') throw new ValueTypeError(result, ['bool'], 'sort argument');
  return result;
}

type NameElement = (error: unknown, place: number) => Error;

function isLess(left: Value, right: Value, i: number, j: number, name: NameElement): boolean {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right) < 0;
  if (isNumber(left)) return at(i, () => getNumber(left), name) < at(j, () => getNumber(right), name);
  if (typeof left !== 'string' && !(left instanceof Uint8Array)) throw name(new ValueTypeError(left, ['number', 'string']), i);
  return (
    compareText(
      at(i, () => getString(left), name),
      at(j, () => getString(right), name),
    ) < 0
  );
}

function at<T>(place: number, read: () => T, name: NameElement): T {
  try {
    return read();
  } catch (error) {
    throw name(error, place);
  }
}
