import { describe, expect, it } from 'vitest';
import { quote } from '../text/quote.ts';
import { unquote } from '../text/unquote.ts';
import { toInt, toUint } from '../value/convert.ts';
import { floatText } from '../value/go-text.ts';
import { Float32, Float64 } from '../value/kinds.ts';
import { formatG } from './numbers.ts';
import { parseFloat64, parseInt64, parseUint64 } from './strconv.ts';

describe('reading numbers', () => {
  it.each<[string, number]>([
    ['1_000.5', 1000.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+1e3', 1000],
    ['0x1p-2', 0.25],
    ['-Inf', -Infinity],
    ['infinity', Infinity],
  ])('takes %s for a float', (text, value) => {
    expect(parseFloat64(text)).toBe(value);
  });

  it.each(['', ' 5', '5 ', '1__0', '_1', '1_', '0x', '1e', 'abc', '+nan', '--1', '1,5'])('does not take %j for a float', (text) => {
    expect(() => parseFloat64(text)).toThrow(`strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`);
  });

  it('knows bases, underscores and the range of integers', () => {
    expect(['010', '0x1F', '0b101', '0o17', '1_000', '-0x_f', '+7'].map((text) => parseInt64(text, 0))).toEqual([
      8n,
      31n,
      5n,
      15n,
      1000n,
      -15n,
      7n,
    ]);
    expect(parseInt64('010', 10)).toBe(10n);
    expect(() => parseInt64('1_0', 10)).toThrow('strconv.ParseInt: parsing "1_0": invalid syntax');
    expect(() => parseInt64('08', 0)).toThrow('strconv.ParseInt: parsing "08": invalid syntax');
    expect(() => parseInt64('9223372036854775808', 10)).toThrow('strconv.ParseInt: parsing "9223372036854775808": value out of range');
    expect(() => parseUint64('-1', 0)).toThrow('strconv.ParseUint: parsing "-1": invalid syntax');
  });

  it('says why a float is no integer', () => {
    expect(toInt(new Float64(2 ** 62))).toBe(2n ** 62n);
    expect(() => toInt(new Float64(Number.NaN))).toThrow('cannot convert NAN to an integer');
    expect(() => toInt(new Float64(Infinity))).toThrow('cannot convert +/-INF to an integer');
    expect(() => toInt(new Float64(1e19))).toThrow('float value is too large to be cast as a signed integer');
    expect(() => toInt(new Float64(-1e19))).toThrow('float value is too small to be cast as a signed integer');
    expect(() => toUint(new Float64(-1))).toThrow('float value is negative and cannot be cast as an unsigned integer');
    expect(() => toUint(5.5)).toThrow('strconv.ParseInt: parsing "5.5": invalid syntax');
  });
});

describe('writing numbers', () => {
  it('uses an exponent from a million on and below a ten-thousandth', () => {
    expect([100000, 1e6, 1234567, 123456789, 0.0001, 0.00001, 1.5, -0].map(formatG)).toEqual([
      '100000',
      '1e+06',
      '1.234567e+06',
      '1.23456789e+08',
      '0.0001',
      '1e-05',
      '1.5',
      '-0',
    ]);
  });

  it('gives a 32-bit float the digits that it needs', () => {
    expect([0.1, 3.14, 6.674282e-11, 16777216].map((value) => floatText(new Float32(value)))).toEqual([
      '0.1',
      '3.14',
      '6.674282e-11',
      '1.6777216e+07',
    ]);
  });
});

describe('quoting', () => {
  it.each(['plain', 'é😀', 'tab\t"quote"\\', '\u0007\b\f\v\r\n', '\u0000\u007f', '\u200b\ufeff', 'stray \udcff byte'])(
    'can be undone: %j',
    (text) => {
      expect(unquote(quote(text))).toBe(text);
    },
  );

  it('escapes as Go does', () => {
    expect(quote('a\u0001\u007f\u200b\u{10ffff}\udcff')).toBe('"a\\x01\\x7f\\u200b\\U0010ffff\\xff"');
  });

  it.each(['', 'x', '"', '"a', "'ab'", '"\\q"', '"\n"', '`a`b`', '"\\400"', '"\\ud800"', '"\\\'"'])('is refused to undo: %j', (text) => {
    expect(unquote(text)).toBeUndefined();
  });

  it('takes bytes of escapes together', () => {
    expect(unquote('"\\xc3\\xa9\\303\\251\\xff"')).toBe('éé\udcff');
    expect(unquote("'\\''")).toBe("'");
    expect(unquote('`a\\n`')).toBe('a\\n');
  });
});
