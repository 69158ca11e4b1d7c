import { describe, expect, it } from 'vitest';
import { SequenceNumbers } from './sequence-numbers.ts';

const SECOND = 1_795_296_000;

describe('SequenceNumbers', () => {
  it('rises with every number taken, by irregular steps', () => {
    const numbers = new SequenceNumbers(SECOND, 3);
    const taken = Array.from({ length: 1_000 }, () => numbers.take());

    const steps = taken.slice(1).map((ordinal, index) => ordinal - taken[index]!);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(new Set(steps).size).toBeGreaterThan(100);
  });

  it('formats 56 digits that it can parse again', () => {
    const numbers = new SequenceNumbers(SECOND, 3);
    const ordinal = numbers.take();

    expect(numbers.format(ordinal)).toMatch(/^\d{56}$/);
    expect(numbers.parse(numbers.format(ordinal))).toBe(ordinal);
  });

  it('sorts as text and as a number alike', () => {
    const numbers = new SequenceNumbers(SECOND, 0);
    const texts = [0, 1, 9, 10, 999_999, 10 ** 14].map((ordinal) => numbers.format(ordinal));

    expect(texts.toSorted()).toEqual(texts);
    expect(texts.toSorted((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1))).toEqual(texts);
  });

  it('lies above everything of a shard made in an earlier second, whatever their indexes', () => {
    const parent = new SequenceNumbers(SECOND, 999_999_999);
    const child = new SequenceNumbers(SECOND + 1, 0);

    expect(child.format(0) > parent.format(10 ** 15 - 1)).toBe(true);
  });

  it('knows no number of another shard, and nothing that is no number', () => {
    const numbers = new SequenceNumbers(SECOND, 3);

    for (const foreign of [new SequenceNumbers(SECOND, 4).format(1), new SequenceNumbers(SECOND + 1, 3).format(1), '0', 'x', '']) {
      expect(numbers.parse(foreign)).toBeUndefined();
    }
  });
});
