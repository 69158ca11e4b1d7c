import { describe, expect, it } from 'vitest';
import { getTimestamp } from '../value/coerce.ts';
import { DELETED, Float32, Float64, JsonNumber, NOTHING, Uint64, type Value } from '../value/kinds.ts';
import { encodeJson, encodeJsonForHtml, encodeJsonIndented } from './json-encode.ts';

describe('JSON text', () => {
  it('sorts keys by their bytes, numbers and characters beyond the surrogates included', () => {
    const value = JSON.parse('{"b":1,"a":2,"10":3,"9":4,"-1":5,"":6,"\uffff":7,"😀":8,"é":9}') as Value;
    expect(encodeJson(value)).toBe('{"":6,"-1":5,"10":3,"9":4,"a":2,"b":1,"é":9,"\uffff":7,"😀":8}');
  });

  it('keeps the key __proto__ an ordinary one', () => {
    expect(encodeJson(JSON.parse('{"x":1,"__proto__":{"b":2,"a":1}}') as Value)).toBe('{"__proto__":{"a":1,"b":2},"x":1}');
  });

  it('escapes what Go escapes and nothing else', () => {
    expect(encodeJson('<b>&\u007f/"\\\n\r\t\b\f\u0001\u2028\u2029é😀')).toBe('"<b>&\u007f/\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u2028\\u2029é😀"');
    expect(encodeJson(['\udcff', 'x\ud800'])).toBe('["\\ufffd","x\\ufffd"]');
    expect(encodeJsonForHtml({ 'a<': '&' })).toBe('{"a\\u003c":"\\u0026"}');
  });

  it('writes long arrays of texts as it writes short ones', () => {
    for (const text of ['plain', 'a\u2028b', '\udc80', '\\ud800', 'é😀']) {
      const short = encodeJson([text]).slice(1, -1);
      expect(encodeJson(Array.from({ length: 20 }, () => text))).toBe(`[${Array.from({ length: 20 }, () => short).join(',')}]`);
    }
  });

  it('prints each kind of number its own way', () => {
    const numbers: Value[] = [1.5, 1e21, new JsonNumber('1.0'), new JsonNumber('1E5'), 2n ** 63n - 1n, new Uint64(2n ** 64n - 1n)];
    expect(encodeJson(numbers)).toBe('[1.5,1e+21,1.0,1E5,9223372036854775807,18446744073709551615]');
    const floats = [1e21, 1e20, 1e-7, 0.000001, -0, 100, 1 / 3].map((value) => new Float64(value));
    expect(encodeJson(floats)).toBe('[1e+21,100000000000000000000,1e-7,0.000001,-0,100,0.3333333333333333]');
    expect(encodeJson([new Float32(0.1), new Float32(3.14), new Float32(16777216)])).toBe('[0.1,3.14,16777216]');
  });

  it('has a form for bytes, timestamps and what is not there', () => {
    const timestamp = getTimestamp('2020-08-14T07:54:23.5+02:00');
    expect(encodeJson([new TextEncoder().encode('foo'), timestamp, DELETED, NOTHING, null])).toBe(
      '["Zm9v","2020-08-14T07:54:23.5+02:00",null,null,null]',
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(() => encodeJson({ a: [new Float64(Number.NaN)] })).toThrow('json: unsupported value: NaN');
    expect(() => encodeJson(new Float64(-Infinity))).toThrow('json: unsupported value: -Inf');
  });

  it('fails, and does not run out of memory or stack, on values that are too large or too deep', () => {
    let doubled: Value = ['x'.repeat(1000)];
    for (let times = 0; times < 60; times++) doubled = [doubled, doubled];
    expect(() => encodeJson(doubled)).toThrow('JSON text exceeds the maximum');
    let deep: Value = [];
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    expect(() => encodeJson(deep)).toThrow('exceeded max depth');
  });

  it('indents as Go does, empty arrays and objects on one line', () => {
    expect(encodeJsonIndented({ b: [], a: { c: [1, 'x'] }, d: {} }, '  ', false)).toBe(
      '{\n  "a": {\n    "c": [\n      1,\n      "x"\n    ]\n  },\n  "b": [],\n  "d": {}\n}',
    );
  });
});
