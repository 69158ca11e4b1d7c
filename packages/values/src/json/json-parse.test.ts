import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { Float64, JsonNumber } from '../value/kinds.ts';
import { encodeJson } from './json-encode.ts';
import { hasOnlyExactNumbers, parseJson, parseJsonFloats } from './json-parse.ts';

describe('a JSON document', () => {
  it.each([
    '{"a":1.0,"b":[1e3,-0,0.1,1E5,-0.0],"c":123456789012345678901234567890}',
    '[0.0000001,1e-7,100000000000000000000,1e+21,9007199254740993,0.1234567890123456789]',
    '[17.990000000000002,3.141592653589793,-12.5]',
    '{"__proto__":{"x":1.50},"text":"1.0, 2.0, -0"}',
    '-0',
    '1.0',
    '[[[1.0]]]',
  ])('leaves as it came: %s', (text) => {
    expect(encodeJson(parseJson(text))).toBe(text);
  });

  it('keeps the text of just those numbers that would print otherwise', () => {
    expect(parseJson('[1.5, 1.50, 17.990000000000002, 9007199254740993]')).toEqual([
      1.5,
      new JsonNumber('1.50'),
      17.990000000000002,
      new JsonNumber('9007199254740993'),
    ]);
    expect(hasOnlyExactNumbers('[1.5,17.990000000000002,"1.50"]')).toBe(true);
    expect(hasOnlyExactNumbers('[1.50]')).toBe(false);
  });

  it('agrees with the exact reading for random numbers', () => {
    const { seed, next: random } = randomFor('numbers of JSON');
    const digits = (most: number): string => String(Math.floor(random() * 10 ** (1 + Math.floor(random() * most))));
    const numeral = (): string => {
      const fraction = random() < 0.5 ? '' : `.${'0'.repeat(random() * 7)}${digits(12)}`;
      const exponent = random() < 0.8 ? '' : `e${random() < 0.5 ? '-' : '+'}${digits(1)}`;
      return `${random() < 0.3 ? '-' : ''}${digits(15)}${fraction}${exponent}`;
    };
    for (let round = 0; round < 300; round++) {
      const text = `{"a":[${Array.from({ length: 20 }, numeral).join(', ')}],"b":${numeral()}}`;
      expect(encodeJson(parseJson(text)), `seed ${seed}`).toBe(text.replaceAll(', ', ','));
    }
  });

  it('has U+FFFD for half characters, as Go has', () => {
    expect(parseJson('{"\\ud800":"x\\udc80y"}')).toEqual({ '\ufffd': 'x\ufffdy' });
    expect(parseJson('"\\ud83d\\ude00"')).toBe('😀');
  });

  it('can be read with floats for numbers', () => {
    expect(parseJsonFloats('{"a":[1,2.5]}')).toEqual({ a: [new Float64(1), new Float64(2.5)] });
  });

  it.each([
    ['', 'EOF'],
    ['  ', 'EOF'],
    ['not json', "invalid character 'o' in literal null (expecting 'u')"],
    ['{"a"', 'unexpected EOF'],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[01]', "invalid character '1' after array element"],
    ['[1.]', "invalid character ']' after decimal point in numeric literal"],
    ['[1e]', "invalid character ']' in exponent of numeric literal"],
    ['[1.5.3]', "invalid character '.' after array element"],
    ['[-]', "invalid character ']' in numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['{}x', "invalid character 'x' looking for beginning of value"],
    ['{} {}', 'message contains multiple valid documents'],
  ])('is refused in the words of Go: %j', (text, message) => {
    expect(failureOf(text)).toBe(message);
  });

  it('may be deep, up to a limit', () => {
    const depth = 9000;
    expect(() => parseJson(`${'['.repeat(depth)}1${']'.repeat(depth)}`)).not.toThrow();
    expect(() => parseJson(`${'['.repeat(200_000)}`)).toThrow('exceeded max depth');
  });
});

function failureOf(text: string): string {
  try {
    return encodeJson(parseJson(text));
  } catch (error) {
    return (error as Error).message;
  }
}
