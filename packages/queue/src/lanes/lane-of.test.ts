import { describe, expect, it } from 'vitest';
import { laneOf } from './lane-of.ts';

describe('laneOf', () => {
  it('never changes: keys in flight would change their lane', () => {
    const keys = ['', 'a', 'order-1', 'order-2', 'clé', '漢字', '😀', 'x'.repeat(256)];
    expect(keys.map((key) => [8, 64].map((lanes) => laneOf(key, lanes)))).toMatchInlineSnapshot(`
      [
        [
          3,
          11,
        ],
        [
          3,
          51,
        ],
        [
          4,
          28,
        ],
        [
          0,
          0,
        ],
        [
          4,
          44,
        ],
        [
          2,
          10,
        ],
        [
          6,
          6,
        ],
        [
          5,
          37,
        ],
      ]
    `);
  });

  it('spreads similar keys evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let key = 0; key < 16_000; key++) counts[laneOf(`customer-${key}`, 16)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1_100);
  });
});
