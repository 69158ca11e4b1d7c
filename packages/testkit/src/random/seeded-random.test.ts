import { expect, it } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

const numbersOf = (seed: number): number[] => {
  const random = new SeededRandom(seed);
  return Array.from({ length: 1_000 }, random.next);
};

it('repeats itself for a seed, and differs for another', () => {
  expect(numbersOf(7)).toEqual(numbersOf(7));
  expect(numbersOf(7)).not.toEqual(numbersOf(8));
});

it('keeps to its bounds and reaches them', () => {
  const random = new SeededRandom(1);
  const drawn = new Set(Array.from({ length: 200 }, () => random.between(3, 5)));
  expect([...drawn].sort()).toEqual([3, 4, 5]);
  expect(random.pick(['only'])).toBe('only');
  expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
});
