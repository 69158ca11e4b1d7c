import { describe, expect, it } from 'vitest';
import { encodePlainJson } from './json-encode-plain.ts';
import { Float64, JsonNumber, type Value } from './kinds.ts';

describe('encodePlainJson', () => {
  it.each<[Value, string]>([
    [{ b: 1, a: { d: [3, 'x'], c: null } }, '{"a":{"c":null,"d":[3,"x"]},"b":1}'],
    [{ b: 5n, a: new Float64(1.5), c: [new Float64(1e21), -7n] }, '{"a":1.5,"b":5,"c":[1e+21,-7]}'],
    [JSON.parse('{"b":1,"__proto__":2}'), '{"__proto__":2,"b":1}'],
    [{ html: '<&>', é: 'ü' }, '{"html":"<&>","é":"ü"}'],
    [[], '[]'],
  ])('puts keys in order: %#', (value, text) => {
    expect(encodePlainJson(value)).toBe(text);
  });

  it.each<[string, Value]>([
    ['keys that look like indexes', { b: 1, 10: 1, 9: 1 }],
    ['line separators', 'a\u2028b'],
    ['stray bytes', 'a\udc80'],
    ['characters that sort otherwise in bytes', { '\uffff': 1, '😀': 2 }],
    ['integers beyond a float', [2n ** 60n]],
    ['negative zero', [new Float64(-0)]],
    ['NaN', { a: new Float64(Number.NaN) }],
    ['numbers kept as text', [new JsonNumber('1.0')]],
    ['bytes', new Uint8Array(3)],
  ])('leaves %s to the exact encoder', (_, value) => {
    expect(encodePlainJson(value)).toBeNull();
  });

  it('gives up on a small value with a huge text', () => {
    let value: Value = 'x'.repeat(1000);
    for (let doubling = 0; doubling < 40; doubling++) value = [value, value];

    expect(encodePlainJson(value)).toBeNull();
  });

  it('does not change the value', () => {
    const value = { b: [{ d: 1n, c: 2 }], a: 1 };
    encodePlainJson(value);

    expect(Object.keys(value)).toEqual(['b', 'a']);
    expect(value).toEqual({ b: [{ d: 1n, c: 2 }], a: 1 });
  });
});
