import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { laneOf, laneOfUtf8 } from './lane-of.ts';

describe('laneOfUtf8', () => {
  const random = randomFor('lanes');

  it(`answers what laneOf answers for the same key (SLUICE_TEST_SEED=${random.seed})`, () => {
    for (let round = 0; round < 2_000; round++) {
      const key = Array.from({ length: random.below(12) }, () =>
        random.pick(['a', '7', 'é', '漢', '😀', '\0', '\x7f', '\x80', '\xff']),
      ).join('');
      const bytes = Buffer.from(`<${key}>`);
      expect(laneOfUtf8(bytes, 1, bytes.length - 1, 64), JSON.stringify(key)).toBe(laneOf(key, 64));
    }
  });

  it('takes bytes that are no text for what a reader of them sees', () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe]);
    expect(laneOfUtf8(bytes, 0, 3, 64)).toBe(laneOf(bytes.toString(), 64));
  });
});

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
