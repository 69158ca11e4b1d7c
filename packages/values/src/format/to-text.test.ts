import { describe, expect, it } from 'vitest';
import { getTimestamp } from '../value/coerce.ts';
import { DELETED, Float32, Float64, JsonNumber, NOTHING, Uint64, type Value } from '../value/kinds.ts';
import { toBytes, toText } from './to-text.ts';

describe('the text of a value', () => {
  it.each<[Value, string]>([
    ['x', 'x'],
    [5, '5'],
    [new JsonNumber('1.0'), '1.0'],
    [new Float64(1_000_000), '1e+06'],
    [new Float64(Number.NaN), 'NaN'],
    [new Float32(3.14), '3.14'],
    [new Uint64(7n), '7'],
    [true, 'true'],
    [null, 'null'],
    [DELETED, 'null'],
    [NOTHING, 'null'],
    [new TextEncoder().encode('hi'), 'hi'],
    [getTimestamp('2020-08-14T05:54:23.5Z'), '2020-08-14T05:54:23.5Z'],
    [[new Float64(1_000_000), '<'], '[1000000,"\\u003c"]'],
    [{ b: 1, a: [] }, '{"a":[],"b":1}'],
    [[new Float64(Infinity)], 'null'],
  ])('%# is what the original prints', (value, text) => {
    expect(toText(value)).toBe(text);
    expect(Buffer.from(toBytes(value)).toString()).toBe(text);
  });

  it('has a limit', () => {
    let doubled: Value = ['x'.repeat(1000)];
    for (let times = 0; times < 60; times++) doubled = [doubled, doubled];
    expect(() => toText(doubled)).toThrow('JSON text exceeds the maximum');
  });
});
