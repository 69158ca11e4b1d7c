import { describe, expect, it } from 'vitest';
import { compareSequenceNumbers } from './sequence-number.ts';

describe('compareSequenceNumbers', () => {
  it('orders as numbers do, whatever their length', () => {
    const numbers = [
      '0',
      '9',
      '10',
      '99999999999999999999',
      '100000000000000000000',
      '49590338271490256608559692538361571095921575989136588898',
    ];
    expect(numbers.toSorted(compareSequenceNumbers)).toEqual(numbers.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
    expect(compareSequenceNumbers('42', '42')).toBe(0);
  });
});
