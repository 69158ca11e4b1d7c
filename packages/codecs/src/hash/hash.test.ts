import { describe, expect, it } from 'vitest';
import { crc32, fnv32 } from './checksum.ts';
import { xxhash64 } from './xxhash64.ts';

describe('xxhash64', () => {
  it.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
    ['1234567890'.repeat(8), 0xe04a477f19ee145dn],
  ])('of %j', (text, sum) => {
    expect(xxhash64(Buffer.from(text))).toBe(sum);
  });
});

describe('crc32', () => {
  it.each([
    ['IEEE', 0xcbf43926],
    ['Castagnoli', 0xe3069283],
    ['Koopman', 0x2d3dd0ae],
  ])('by the polynomial %s gives its check value', (polynomial, sum) => {
    expect(crc32(polynomial)?.(Buffer.from('123456789'))).toBe(sum);
  });
});

describe('fnv32', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0x050c5d7e],
    ['foobar', 0x31f0b262],
  ])('of %j', (text, sum) => {
    expect(fnv32(Buffer.from(text))).toBe(sum);
  });
});
