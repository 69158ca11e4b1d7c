import { describe, expect, it } from 'vitest';
import { GoRandom } from './go-random.ts';

describe('the generator of Go', () => {
  it('gives the numbers that Go documents for the seeds 1 and 0', () => {
    const one = new GoRandom(1n);
    const zero = new GoRandom(0n);
    const whole = 2n ** 63n - 1n;

    expect([one.below(whole), one.below(whole), one.below(whole)]).toEqual([
      5577006791947779410n,
      8674665223082153551n,
      6129484611666145821n,
    ]);
    expect([zero.below(whole), zero.below(whole)]).toEqual([8717895732742165505n, 2259404117704393152n]);
  });

  it('gives the sequence that every Go programmer has seen, 81, 87, 47, …', () => {
    const random = new GoRandom(1n);
    const intn100 = (): bigint => (random.below(2n ** 63n - 1n) >> 32n) % 100n;
    expect(Array.from({ length: 10 }, intn100)).toEqual([81n, 87n, 47n, 59n, 81n, 18n, 25n, 40n, 56n, 0n]);
  });

  it('stays within its bound, be it a power of two or not', () => {
    const random = new GoRandom(-7n);
    for (const bound of [1n, 2n, 3n, 64n, 100n, 2n ** 62n + 1n]) {
      const numbers = Array.from({ length: 50 }, () => random.below(bound));
      expect(numbers.every((number) => number >= 0n && number < bound)).toBe(true);
    }
  });
});
