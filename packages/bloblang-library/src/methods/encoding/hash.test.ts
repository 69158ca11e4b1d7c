import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../parse.ts';

describe('the methods', () => {
  const outcomeOf = (mapping: string): string => {
    const outcome = parseMapping(mapping).map([{ content: Buffer.from('{}'), metadata: {} }], 0);
    return outcome.kind === 'mapped'
      ? Buffer.from(outcome.message.content).toString()
      : outcome.kind === 'failed'
        ? outcome.error.message
        : outcome.kind;
  };

  it.each([
    ['root = "x".hash("md4")', 'unrecognized hash type: md4'],
    ['root = "x".hash("hmac_sha1")', 'hash algorithm hmac_sha1 requires a key argument'],
    ['root = "x".encode("rot13")', 'unrecognized encoding type: rot13'],
    ['root = "x".encrypt_aes("ctr", "short", "short")', 'crypto/aes: invalid key size 5'],
    ['root = "x".encrypt_aes("ctr", "0123456789abcdef", "short")', 'the key must match the initialisation vector size'],
    ['root = "x".encrypt_aes("ecb", "0123456789abcdef", "0123456789abcdef")', 'unrecognized encryption type: ecb'],
    ['root = "x".decrypt_aes("ecb", "0123456789abcdef", "0123456789abcdef")', 'unrecognized decryption type: ecb'],
  ])('%s is refused while parsing', (mapping, message) => {
    expect(() => parseMapping(mapping)).toThrow(message);
  });

  it.each([
    ['root = "x".hash("crc32", "", "CCITT")', 'failed assignment (line 1): string literal: unsupported crc32 hash key "CCITT"'],
    ['root = 5.hash("md5")', 'failed assignment (line 1): expected string value, got number from number literal (5)'],
    ['root = "x".uuid_v5("nope")', 'failed assignment (line 1): string literal: invalid ns uuid: "nope"'],
    [
      'root = "x".encrypt_aes("cbc", "0123456789abcdef", "0123456789abcdef")',
      'failed assignment (line 1): string literal: plaintext is not a multiple of the block size',
    ],
    ['root = "hello".hash("fnv32").string()', '3069866343'],
    ['root = "hello".hash("crc32").encode("hex")', '3610a686'],
  ])('%s gives %s', (mapping, outcome) => {
    expect(outcomeOf(mapping)).toBe(outcome);
  });

  it.each(['', '"dns"', '"DNS"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"{6ba7b8109dad11d180b400c04fd430c8}"'])(
    'uuid_v5(%s) knows its namespace',
    (ns) => {
      const expected = ns === '' ? 'feb54431-301b-52bb-a6dd-e1e93e81bb9e' : '7cb48787-6d91-5b9f-bc60-f30298ea5736';
      expect(outcomeOf(`root = "example".uuid_v5(${ns})`)).toBe(expected);
    },
  );

  it.each(['ctr', 'ofb', 'cbc'])('%s turns back what it encrypted, whatever the bytes', (scheme) => {
    const mapping = `let key = "0123456789abcdef01234567"
let text = "0123456789abcdef".repeat(4)
root = $text.encrypt_aes("${scheme}", $key, "fedcba9876543210").decrypt_aes("${scheme}", $key, "fedcba9876543210") == $text.bytes()`;
    expect(outcomeOf(mapping)).toBe('true');
  });
});
