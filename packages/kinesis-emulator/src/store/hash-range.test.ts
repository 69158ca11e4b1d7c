import { describe, expect, it } from 'vitest';
import { evenStarts, hashPartitionKey, parseHashKey, rangesFrom, toDecimal } from './hash-range.ts';

describe('hash keys', () => {
  it('hashes a partition key as UTF-8', () => {
    expect(hashPartitionKey('a')).toBe('0cc175b9c0f1b6a831c399e269772661');
    expect(hashPartitionKey('ü')).toBe('c03410a5204b21cd8229ff754688d743');
  });

  it('reads decimal numbers below 2^128 and nothing else', () => {
    expect(parseHashKey('0')).toBe('0'.repeat(32));
    expect(parseHashKey(String(2n ** 128n - 1n))).toBe('f'.repeat(32));
    for (const text of [String(2n ** 128n), '-1', '01', '1.0', '', '0x1', '9'.repeat(39)]) expect(parseHashKey(text)).toBeUndefined();
  });

  it('divides the space as the service does', () => {
    const ranges = rangesFrom(evenStarts(3)).map(({ start, end }) => [toDecimal(start), toDecimal(end)]);

    expect(ranges).toEqual([
      ['0', '113427455640312821154458202477256070484'],
      ['113427455640312821154458202477256070485', '226854911280625642308916404954512140969'],
      ['226854911280625642308916404954512140970', '340282366920938463463374607431768211455'],
    ]);
  });
});
