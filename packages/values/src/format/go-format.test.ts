import { describe, expect, it } from 'vitest';
import { Float32, Float64, JsonNumber, Uint64, type Value } from '../value/kinds.ts';
import { goFormat } from './go-format.ts';

const float = (value: number): Float64 => new Float64(value);
const bytes = new TextEncoder().encode('hi');

describe('fmt.Sprintf', () => {
  it.each<[string, Value[], string]>([
    ['%v %v %v %v', [5n, float(1.5), 'x', true], '5 1.5 x true'],
    ['%v', [float(1_000_000)], '1e+06'],
    ['%v|%v|%v', [float(-0), float(Number.NaN), float(-Infinity)], '-0|NaN|-Inf'],
    ['%v %v', [new Float32(0.1), new Uint64(2n ** 64n - 1n)], '0.1 18446744073709551615'],
    ['%v', [{ b: [1n, 'x', null], a: { c: true } }], 'map[a:map[c:true] b:[1 x <nil>]]'],
    ['%v %s', [bytes, bytes], '[104 105] hi'],
    [
      '%+d|% d|%05d|%-5d|%5d|%x|%X|%o|%b|%#x',
      [7n, 7n, -42n, 3n, 3n, 255n, 255n, 8n, 5n, 255n],
      '+7| 7|-0042|3    |    3|ff|FF|10|101|0xff',
    ],
    ['%c %U %#U %q', [65n, 8364n, 8364n, 65n], "A U+20AC U+20AC '€' 'A'"],
    ['%.3d|%8.3d|%08.3d', [5n, 5n, 5n], '005|     005|     005'],
    [
      '%f|%.2f|%8.3f|%-8.1f|%08.2f|%+.1f',
      [float(9.87654), float(2.5), float(1.2345), float(2.25), float(-3.5), float(1)],
      '9.876540|2.50|   1.234|2.2     |-0003.50|+1.0',
    ],
    [
      '%e|%.2E|%g|%.3g|%G',
      [float(12345.678), float(12345.678), float(1e-5), float(1234.5), float(1e20)],
      '1.234568e+04|1.23E+04|1e-05|1.23e+03|1E+20',
    ],
    ['%#g|%#.3x|%x|%b', [float(1), float(1), float(0.5), float(1)], '1.00000|0x1.000p+00|0x1p-01|4503599627370496p-52'],
    [
      '%s|%8s|%-8s|%.2s|%q|%x|% x|%#x',
      ['abc', 'abc', 'abc', 'abc', 'a"b', 'hi', 'hi', 'hi'],
      'abc|     abc|abc     |ab|"a\\"b"|6869|68 69|0x6869',
    ],
    ['%+q %#q', ['é', 'a`b'], '"\\u00e9" "a`b"'],
    ['%t %v', [false, false], 'false false'],
    ['%T %T %T %T %T %T', [1n, float(1), 's', 1, [], {}], 'int64 float64 string json.Number []interface {} map[string]interface {}'],
    ['%#v', [{ a: [1n, 's', null] }], 'map[string]interface {}{"a":[]interface {}{1, "s", interface {}(nil)}}'],
    [
      '%.0f %.0f %.1f %.1f %.1e %.2g',
      [float(0.5), float(1.5), float(0.25), float(0.35), float(12.5), float(2.25)],
      '0 2 0.2 0.3 1.2e+01 2.2',
    ],
    ['100%%', [], '100%'],
    ['%[2]d %[1]d', [1n, 2n], '2 1'],
    ['%*d|%-*d|%.*f', [5n, 42n, 5n, 42n, 1n, float(2.55)], '   42|42   |2.5'],
  ])('%j', (template, args, text) => {
    expect(goFormat(template, args)).toBe(text);
  });

  it.each<[string, Value[], string]>([
    ['%d', ['x'], '%!d(string=x)'],
    ['%d', [5], '%!d(json.Number=5)'],
    ['%d', [new JsonNumber('1.0')], '%!d(json.Number=1.0)'],
    ['%s', [5n], '%!s(int64=5)'],
    ['%s', [null], '%!s(<nil>)'],
    ['%d', [float(1.5)], '%!d(float64=1.5)'],
    ['%s', [[1n, 'a']], '[%!s(int64=1) a]'],
    ['%d %d', [1n], '1 %!d(MISSING)'],
    ['x', [1n, 'a', null], 'x%!(EXTRA int64=1, string=a, <nil>)'],
    ['%', [], '%!(NOVERB)'],
    ['%z', [1n], '%!z(int64=1)'],
    ['%[3]d', [1n], '%!d(BADINDEX)'],
    ['%*d', ['x', 1n], '%!(BADWIDTH)1'],
  ])('leaves a mark for a mistake: %j', (template, args, text) => {
    expect(goFormat(template, args)).toBe(text);
  });
});
