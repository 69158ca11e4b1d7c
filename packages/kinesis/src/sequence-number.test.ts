import { describe, expect, it } from 'vitest';
import { comparePositions, compareSequenceNumbers } from './sequence-number.ts';

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

describe('comparePositions', () => {
  it('orders places of one aggregate by their index', () => {
    const at = (sequenceNumber: string, subSequenceNumber: number) => ({ sequenceNumber, subSequenceNumber });
    expect(comparePositions(at('42', 1), at('42', 2))).toBeLessThan(0);
    expect(comparePositions(at('42', 9), at('100', 0))).toBeLessThan(0);
    expect(comparePositions(at('42', 1), at('42', 1))).toBe(0);
  });
});
