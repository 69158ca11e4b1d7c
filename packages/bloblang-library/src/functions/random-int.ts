import { defineFunction } from '@sluice/bloblang';
import { BloblangError, errorText, INT64_MAX, toInt } from '@sluice/values';
import { GoRandom } from './go-random.ts';

export const randomInt = defineFunction('random_int', {
  category: 'General',
  status: 'stable',
  description:
    'A pseudo-random integer that is not negative. Each place that calls it has a generator of its own, seeded once with `seed`; ' +
    'without a seed the sequence is the same in every run. `min` and `max` are part of the mapping and cannot depend on a message.',
  parameters: [
    { name: 'seed', type: 'query', default: 0n, description: 'The seed; a query is asked once, at the first number.' },
    { name: 'min', type: 'integer', default: 0n, noDynamic: true, description: 'The smallest number.' },
    { name: 'max', type: 'integer', default: INT64_MAX - 1n, noDynamic: true, description: 'The greatest number.' },
  ],
  examples: [
    { mapping: 'root.n = random_int(max: 99)', input: {}, output: { n: 5 } },
    { mapping: 'root.dice = random_int(timestamp_unix_nano(), 1, 6)' },
    { mapping: 'root.sample = random_int(seed: 7, max: 99) < 10' },
  ],
  prepare: ([seed, min, max]) => {
    if (min < 0n) throw new BloblangError(`min (${min}) must be a positive number`);
    if (max < min) throw new BloblangError(`min (${min}) must be smaller or equal than max (${max})`);
    if (max === INT64_MAX) throw new BloblangError(`max must be smaller than the max allowed for an int64 (${INT64_MAX})`);
    let random: GoRandom | undefined;
    return (context) => {
      random ??= new GoRandom(seedOf(() => toInt(seed.query.evaluate(context))));
      return random.below(max - min + 1n) + min;
    };
  },
});

function seedOf(evaluate: () => bigint): bigint {
  try {
    return evaluate();
  } catch (error) {
    throw new BloblangError(`failed to seed random number generator: ${errorText(error)}`);
  }
}
