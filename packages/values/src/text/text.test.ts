import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { compareText } from './order.ts';
import { byteLength, decodeText, encodeText } from './text.ts';

describe('text and bytes', () => {
  it('come back as they were, whatever the bytes', () => {
    const { seed, below: random } = randomFor('text and bytes');
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from(
        { length: random(12) },
        () => [0x41, 0x80, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0x80, 0xff][random(14)]!,
      );
      const text = decodeText(bytes);
      expect(Buffer.from(encodeText(text)), `seed ${seed}`).toEqual(Buffer.from(bytes));
      expect(byteLength(text)).toBe(bytes.length);
    }
  });

  it('keeps a byte that is not UTF-8 as a lone surrogate', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82))).toBe('a\udcffé\udce2\udc82');
    expect([...encodeText('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
  });

  it('sorts by bytes', () => {
    const texts = ['', 'Z', 'a', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'];
    expect([...texts].reverse().sort(compareText)).toEqual(texts);
    const buffers = texts.map((text) => Buffer.from(text));
    expect([...buffers].sort(Buffer.compare)).toEqual(buffers);
  });
});
