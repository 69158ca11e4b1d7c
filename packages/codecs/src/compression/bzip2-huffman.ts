import { BloblangError } from '@sluice/values';
import type { BitReader } from './bzip2-bits.ts';

const MAX_LENGTH = 20;

/** Reads symbols by their canonical codes, the shortest first. */
export class HuffmanReader {
  /** By length: how many codes there are, the first one, and where its symbol stands among the sorted ones. */
  private readonly counts = new Uint32Array(MAX_LENGTH + 1);
  private readonly sorted: Uint16Array;

  constructor(lengths: readonly number[]) {
    for (const length of lengths) this.counts[length]!++;
    let space = 1;
    for (let length = 1; length <= MAX_LENGTH; length++) {
      space = space * 2 - this.counts[length]!;
      if (space < 0) throw new BloblangError('bzip2 data invalid: Huffman tree has too many codes');
    }
    const symbols = lengths.map((length, symbol) => ({ length, symbol }));
    this.sorted = Uint16Array.from(symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol).map(({ symbol }) => symbol));
  }

  next(bits: BitReader): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_LENGTH; length++) {
      code |= bits.read(1);
      const count = this.counts[length]!;
      if (code - first < count) return this.sorted[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new BloblangError('bzip2 data invalid: invalid Huffman code');
  }
}
