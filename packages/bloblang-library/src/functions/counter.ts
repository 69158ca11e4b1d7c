import { type Context, defineFunction, type Lambda } from '@sluice/bloblang';
import { BloblangError, DELETED, getInt, INT64_MAX, NOTHING, wrapError } from '@sluice/values';

export const counter = defineFunction('counter', {
  category: 'General',
  status: 'experimental',
  description:
    'Counts up, one each time it is evaluated, and starts again after `max`. Each place that calls it counts for itself for as ' +
    'long as the mapping lives. With `set` the count can be changed or only looked at.',
  isPlugin: true,
  parameters: [
    { name: 'min', type: 'query', default: 1n, description: 'The first number. Evaluated once.' },
    { name: 'max', type: 'query', default: INT64_MAX, description: 'The last number. Evaluated once.' },
    {
      name: 'set',
      type: 'query',
      optional: true,
      description:
        'A number becomes the count and the result; `null` gives the count as it is; `deleted()` starts again; no result counts on.',
    },
  ],
  examples: [
    { mapping: 'root.id = counter()', input: {}, output: { id: 1 } },
    { mapping: 'root.ids = [counter(min: 5), counter(min: 7)]', input: {}, output: { ids: [5, 7] } },
    {
      summary: 'The places that use a map share its counter.',
      mapping: 'map next {\n  root = counter()\n}\nroot.a = null.apply("next")\nroot.b = null.apply("next")',
      input: {},
      output: { a: 1, b: 2 },
    },
    { mapping: 'root.streak = counter(set: if this.failed { 0 })', input: { failed: true }, output: { streak: 0 } },
  ],
  prepare: ([minQuery, maxQuery, set]) => {
    let range: { readonly min: bigint; readonly max: bigint } | undefined;
    let count = 0n;
    return (context) => {
      if (range === undefined) {
        range = rangeOf(minQuery, maxQuery, context);
        count = range.min - 1n;
      }
      const wanted = set === undefined ? NOTHING : attempt('set', () => set.query.evaluate(context));
      if (wanted === null) return count;
      if (wanted === DELETED) count = range.min - 1n;
      else if (wanted !== NOTHING) {
        count = attempt('set', () => getInt(wanted));
        return count;
      }
      const value = ++count;
      if (value >= range.max) count = range.min - 1n;
      return value;
    };
  },
});

function rangeOf(minQuery: Lambda, maxQuery: Lambda, context: Context): { min: bigint; max: bigint } {
  const min = attempt('min', () => getInt(minQuery.query.evaluate(context)));
  if (min < 0n) throw new BloblangError(`min argument must be >0, got ${min}`);
  const max = attempt('max', () => getInt(maxQuery.query.evaluate(context)));
  if (max < 0n || max <= min) throw new BloblangError(`max argument must be >0 and >min, got ${max}`);
  return { min, max };
}

function attempt<T>(name: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw wrapError(`failed to resolve ${name} argument`, error);
  }
}

const counts = new Map<string, bigint>();

export const count = defineFunction('count', {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Counts from 1, one each time it is called with the same name anywhere in the process. Use `counter` instead.',
  isPure: false,
  parameters: [{ name: 'name', type: 'string', description: 'Which counter to advance.' }],
  examples: [{ mapping: 'root.n = count("documentation_example")', input: {}, output: { n: 1 } }],
  prepare:
    ([name]) =>
    () => {
      const next = (counts.get(name) ?? 0n) + 1n;
      counts.set(name, next);
      return next;
    },
});
