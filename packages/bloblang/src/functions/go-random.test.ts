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

  it('reduces to a range as Go does', () => {
    const random = new GoRandom(1n);
    expect(Array.from({ length: 10 }, () => random.below(100n))).toEqual([10n, 51n, 21n, 51n, 37n, 20n, 58n, 28n, 53n, 32n]);
  });
});
