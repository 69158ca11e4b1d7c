import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { goSort } from './go-sort.ts';

/** Sorts numbers and counts comparisons; `limit` keeps a broken sort from running for ever. */
function sorted(numbers: readonly number[]): { result: number[]; comparisons: number } {
  const result = [...numbers];
  let comparisons = 0;
  goSort({
    length: result.length,
    less: (i, j) => {
      comparisons++;
      return result[i]! < result[j]!;
    },
    swap: (i, j) => {
      [result[i], result[j]] = [result[j]!, result[i]!];
    },
  });
  return { result, comparisons };
}

const inOrder = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

describe('the sort of Go', () => {
  const sizes = [0, 1, 2, 7, 8, 12, 13, 49, 50, 100, 1000];

  it.each(sizes)('sorts %i numbers, whatever their pattern', (size) => {
    const patterns: ((index: number) => number)[] = [
      (index) => index,
      (index) => -index,
      (index) => index % 5,
      () => 1,
      (index) => (index * 7919) % 1009,
      (index) => (index % 2 === 0 ? index : -index),
      (index) => (index < size / 2 ? index : size - index),
    ];
    for (const pattern of patterns) {
      const numbers = Array.from({ length: size }, (_, index) => pattern(index));
      expect(sorted(numbers).result).toEqual(inOrder(numbers));
    }
  });

  it('sorts random numbers within n log n comparisons', () => {
    const { seed, below } = randomFor('sorting');
    const numbers = Array.from({ length: 5000 }, () => below(700));
    const { result, comparisons } = sorted(numbers);
    expect(result, `seed ${seed}`).toEqual(inOrder(numbers));
    expect(comparisons, `seed ${seed}`).toBeLessThan(5000 * 13 * 3);
  });

  it('needs one look at what is sorted already', () => {
    expect(sorted(Array.from({ length: 1000 }, (_, index) => index)).comparisons).toBeLessThan(1100);
  });

  it('ends when comparisons make no sense', () => {
    let comparisons = 0;
    const less = (): boolean => comparisons++ % 3 === 0;
    goSort({ length: 500, less, swap: () => undefined });
    expect(comparisons).toBeLessThan(1_000_000);
  });
});
