import { describe, expect, it } from 'vitest';
import { decodeAscii85, encodeAscii85 } from './ascii85.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeHex } from './hex.ts';
import { decodeZ85, encodeZ85 } from './z85.ts';

const PADDED = { encoding: 'base64', isPadded: true } as const;
const RAW_URL = { encoding: 'base64url', isPadded: false } as const;

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1');

describe('base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['\xfb\xff', '+/8='],
  ])('writes %j as %s and reads it back', (plain, encoded) => {
    expect(encodeBase64(bytes(plain), PADDED)).toBe(encoded);
    expect(text(decodeBase64(bytes(encoded), PADDED))).toBe(plain);
  });

  it('leaves padding away in the raw form, which does not accept it', () => {
    expect(encodeBase64(bytes('\xfb\xff'), RAW_URL)).toBe('-_8');
    expect(text(decodeBase64(bytes('-_8'), RAW_URL))).toBe('\xfb\xff');
    expect(() => decodeBase64(bytes('-_8='), RAW_URL)).toThrow('illegal base64 data at input byte 3');
  });

  it('skips line breaks and ignores bits behind the last byte', () => {
    expect(text(decodeBase64(bytes('Zm\r\n9v\n'), PADDED))).toBe('foo');
    expect(text(decodeBase64(bytes('Zh=='), PADDED))).toBe('f');
  });

  it.each([
    ['Zm9', 'unexpected EOF'],
    ['Zg==Zg', 'unexpected EOF'],
    ['Z!9v', 'illegal base64 data at input byte 1'],
    ['Zm-_', 'illegal base64 data at input byte 2'],
    ['=Zm9', 'illegal base64 data at input byte 0'],
    ['Zg=v', 'illegal base64 data at input byte 2'],
    ['Zg==Zg==', 'illegal base64 data at input byte 4'],
    ['Zm8=Zm8=', 'illegal base64 data at input byte 4'],
  ])('refuses %s: %s', (encoded, message) => {
    expect(() => decodeBase64(bytes(encoded), PADDED)).toThrow(message);
  });

  it('refuses a single last character of the raw form', () => {
    expect(() => decodeBase64(bytes('Zm9vZ'), RAW_URL)).toThrow('illegal base64 data at input byte 0');
  });
});

describe('hex', () => {
  it.each([
    ['616', 'unexpected EOF'],
    ['61g', "encoding/hex: invalid byte: U+0067 'g'"],
    ['6\n', 'encoding/hex: invalid byte: U+000A'],
    ['6\xe9', "encoding/hex: invalid byte: U+00E9 'é'"],
  ])('refuses %j: %s', (encoded, message) => {
    expect(() => decodeHex(bytes(encoded))).toThrow(message);
  });
});

describe('ascii85', () => {
  it.each([
    ['', ''],
    ['a', '@/'],
    ['ab', '@:B'],
    ['abc', '@:E^'],
    ['\0\0\0\0ab\0', 'z@:B3'],
    ['\0\0', '!!!'],
  ])('writes %j as %s and reads it back', (plain, encoded) => {
    expect(encodeAscii85(bytes(plain))).toBe(encoded);
    expect(text(decodeAscii85(bytes(encoded)))).toBe(plain);
  });

  it('skips white space', () => {
    expect(text(decodeAscii85(bytes(' 87\n cUR\tDZ ')))).toBe('Hello');
  });

  it.each([
    ['87cUR~', 'illegal ascii85 data at input byte 5'],
    ['8z', 'illegal ascii85 data at input byte 1'],
    ['87cUR8', 'illegal ascii85 data at input byte 1'],
  ])('refuses %s: %s', (encoded, message) => {
    expect(() => decodeAscii85(bytes(encoded))).toThrow(message);
  });
});

describe('z85', () => {
  const HELLO = bytes('\x86\x4f\xd2\x6f\xb5\x59\xf7\x5b');

  it('writes and reads the example of its specification', () => {
    expect(encodeZ85(HELLO)).toBe('HelloWorld');
    expect(decodeZ85(bytes('HelloWorld'))).toEqual(Buffer.from(HELLO));
  });

  it('takes whole groups only', () => {
    expect(() => encodeZ85(bytes('abc'))).toThrow('z85: wrongly aligned input data');
    expect(() => decodeZ85(bytes('abcd'))).toThrow('z85: wrongly aligned input data');
    expect(() => decodeZ85(bytes('ab~de'))).toThrow("z85: invalid input byte: U+007E '~'");
  });
});
