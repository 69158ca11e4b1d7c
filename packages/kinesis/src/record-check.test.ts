import { describe, expect, it } from 'vitest';
import { decimalHashKey, hashKeyOf, MAX_HASH_KEY } from './hash-key.ts';
import { checkRecord, recordByteSize } from './record-check.ts';

const data = new Uint8Array(10);

describe('recordByteSize', () => {
  it('counts the partition key in UTF-8', () => {
    expect(recordByteSize({ partitionKey: 'für-😀', data })).toBe(10 + 9);
  });
});

describe('checkRecord', () => {
  it.each(['k', 'ü'.repeat(256), '😀'.repeat(256)])('takes the key %j', (partitionKey) => {
    expect(checkRecord({ partitionKey, data }, 4096)).toBeUndefined();
  });

  it.each(['', 'k'.repeat(257), '😀'.repeat(257), 'half a pair \ud83d'])('refuses the key %j', (partitionKey) => {
    expect(checkRecord({ partitionKey, data }, 4096)).toMatchObject({ code: 'INVALID_PARTITION_KEY', disposition: 'reject' });
  });

  it.each(['0', '7', String(MAX_HASH_KEY)])('takes the hash key %s', (explicitHashKey) => {
    expect(checkRecord({ partitionKey: 'k', explicitHashKey, data }, 4096)).toBeUndefined();
  });

  it.each(['', '-1', '01', '1.0', 'ten', String(MAX_HASH_KEY + 1n)])('refuses the hash key %j', (explicitHashKey) => {
    expect(checkRecord({ partitionKey: 'k', explicitHashKey, data }, 4096)).toMatchObject({
      code: 'INVALID_HASH_KEY',
      disposition: 'reject',
    });
  });

  it('refuses a record that is one byte larger than its stream allows, key included', () => {
    expect(checkRecord({ partitionKey: 'ü', data }, 12)).toBeUndefined();
    expect(checkRecord({ partitionKey: 'ü', data }, 11)).toMatchObject({
      code: 'RECORD_TOO_LARGE',
      details: { byteSize: 12, maxBytes: 11 },
    });
  });
});

describe('hashKeyOf', () => {
  it('is the MD5 of the key as a number', () => {
    expect(hashKeyOf('a')).toBe(0x0cc175b9c0f1b6a831c399e269772661n);
  });
});

describe('decimalHashKey', () => {
  it.each([
    ['7', '7'],
    [' +007\n', '7'],
    ['-0', '0'],
    ['000', '0'],
    [`0${MAX_HASH_KEY}`, String(MAX_HASH_KEY)],
    ['-1', '-1'],
    ['0x7', '0x7'],
    ['1'.repeat(40), '1'.repeat(40)],
    [' ', ''],
  ])('reads %j as %j', (text, expected) => {
    expect(decimalHashKey(text)).toBe(expected);
  });
});
