import { describe, expect, it } from 'vitest';
import { comparePositions } from './shard-position.ts';

describe('comparePositions', () => {
  it('orders by sequence number as a number, then by the index inside an aggregate', () => {
    const at = (sequenceNumber: string, subSequenceNumber = 0) => ({ sequenceNumber, subSequenceNumber });
    const ascending = [
      at('9'),
      at('10'),
      at('10', 1),
      at('49590338271490256608559692538361571095921575989136588898'),
      at('123'.padEnd(60, '0')),
    ];
    const shuffled = [3, 0, 4, 2, 1].map((index) => ascending[index]!);

    expect(shuffled.sort(comparePositions)).toEqual(ascending);
    expect(comparePositions(at('10', 1), at('10', 1))).toBe(0);
  });
});
