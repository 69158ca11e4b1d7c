import { Float64 } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { parseLiteralNumber, unquote } from './literal-text.ts';

describe('parseLiteralNumber', () => {
  it.each([
    ['0', 0n],
    ['007', 7n],
    ['9223372036854775807', 9223372036854775807n],
    ['-5', -5n],
    ['1.50', new Float64(1.5)],
    ['-0.0', new Float64(-0)],
  ])('reads %s', (text, value) => {
    expect(parseLiteralNumber(text)).toEqual(value);
  });

  it('refuses an integer beyond 64 bits in the words of Go', () => {
    expect(() => parseLiteralNumber('9223372036854775808')).toThrow(
      `failed to parse '9223372036854775808' as integer: strconv.ParseInt: parsing "9223372036854775808": value out of range`,
    );
  });
});

describe('unquote', () => {
  it.each([
    ['plain', 'plain'],
    [String.raw`\a\b\f\n\r\t\v\\\"`, '\x07\b\f\n\r\t\v\\"'],
    [String.raw`\u00e9\U0001F600`, 'é😀'],
    [String.raw`\x41\101`, 'AA'],
    [String.raw`\xc3\xa9`, Buffer.from('é')],
    [String.raw`a\xff`, Buffer.from([0x61, 0xff])],
  ])('resolves %s', (text, value) => {
    const resolved = unquote(text);
    expect(typeof resolved === 'string' ? resolved : Buffer.from(resolved!)).toEqual(value);
  });

  it.each([
    String.raw`\/`,
    String.raw`\'`,
    String.raw`\q`,
    String.raw`\u12`,
    String.raw`\ud800`,
    String.raw`\400`,
    String.raw`\U00110000`,
    'a\nb',
  ])('refuses %j', (text) => {
    expect(unquote(text)).toBeNull();
  });
});
