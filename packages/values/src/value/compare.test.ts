import { describe, expect, it } from 'vitest';
import { add, divide, modulo, multiply, subtract } from './arithmetic.ts';
import { compare, equals } from './compare.ts';
import { DELETED, Float64, JsonNumber, NOTHING, Uint64, type Value } from './kinds.ts';

const sides = { left: 'field `this.l`', right: 'field `this.r`' };
const float = (value: number): Float64 => new Float64(value);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const MAX = 2n ** 63n - 1n;

describe('equality', () => {
  it.each<[Value, Value]>([
    [1n, float(1)],
    [1, new JsonNumber('1.0')],
    [new Uint64(7n), 7],
    ['a', bytes('a')],
    [bytes('a'), 'a'],
    [true, 5n],
    [false, 0],
    [null, null],
    [
      [1, { a: 2 }],
      [float(1), { a: new JsonNumber('2.0') }],
    ],
    [{ a: null }, { b: null }],
  ])('holds for %o and %o', (left, right) => {
    expect(equals(left, right)).toBe(true);
  });

  it.each<[Value, Value]>([
    [1n, true],
    ['1', 1n],
    [null, DELETED],
    [DELETED, DELETED],
    [NOTHING, null],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 2 }],
    [[], {}],
    [float(Number.NaN), float(Number.NaN)],
  ])('does not hold for %o and %o', (left, right) => {
    expect(equals(left, right)).toBe(false);
  });
});

describe('an ordering operator', () => {
  it('compares integers exactly and mixed numbers as floats', () => {
    expect(compare('<', MAX - 1n, MAX, sides)).toBe(true);
    expect(compare('<', MAX - 1n, float(2 ** 63), sides)).toBe(false);
    expect(compare('>=', 5, 5n, sides)).toBe(true);
    expect(compare('>', new JsonNumber('1.50'), 1, sides)).toBe(true);
    expect(compare('<', float(Number.NaN), 1n, sides)).toBe(false);
  });

  it('compares texts by their bytes', () => {
    expect(compare('<', '\uffff', '😀', sides)).toBe(true);
    expect(compare('<', 'Z', bytes('a'), sides)).toBe(true);
  });

  it('fails where there is no order, and names both sides', () => {
    const message = (types: string): string => `cannot compare types ${types}`;
    expect(() => compare('<', null, 1n, sides)).toThrow(message('null (from field `this.l`) and number (from field `this.r`)'));
    expect(() => compare('>', true, false, sides)).toThrow(message('bool (from field `this.l`) and bool (from field `this.r`)'));
    expect(() => compare('<', 'a', 1n, sides)).toThrow(message('string (from field `this.l`) and number (from field `this.r`)'));
    expect(() => compare('<=', 1, [], sides)).toThrow(message('number (from field `this.l`) and array (from field `this.r`)'));
  });

  it('finds values of different types unequal instead', () => {
    expect(compare('==', 1, 'x', sides)).toBe(false);
    expect(compare('!=', 'x', null, sides)).toBe(true);
    expect(compare('==', true, 'true', sides)).toBe(false);
  });
});

describe('arithmetic', () => {
  it('stays with integers until a float comes in, and wraps', () => {
    expect(add(1, 2, sides)).toBe(3n);
    expect(add(MAX, 1n, sides)).toBe(-(2n ** 63n));
    expect(multiply(MAX, 2, sides)).toBe(-2n);
    expect(subtract(new Uint64(1n), new Uint64(2n), sides)).toEqual(new Uint64(2n ** 64n - 1n));
    expect(add(new Uint64(1n), -2n, sides)).toBe(-1n);
    expect(add(1, 0.5, sides)).toEqual(float(1.5));
    expect(add(new JsonNumber('18446744073709551615'), 0n, sides)).toEqual(float(18446744073709552000));
  });

  it('divides floats and takes remainders of integers', () => {
    expect(divide(4n, 2, sides)).toEqual(float(2));
    expect(modulo(-7.9, 3, sides)).toBe(-1n);
    expect(() => divide(1, 0, sides)).toThrow('field `this.r`: attempted to divide by zero');
    expect(() => modulo(1, 0.5, sides)).toThrow('field `this.r`: attempted to divide by zero');
  });

  it('joins texts and bytes, and nothing else', () => {
    expect(add('a', bytes('b'), sides)).toBe('ab');
    expect(() => add('a', 1n, sides)).toThrow('cannot add types string (from field `this.l`) and number (from field `this.r`)');
    expect(() => add([], [], sides)).toThrow('cannot add types array (from field `this.l`) and array (from field `this.r`)');
    expect(() => subtract('a', 'b', sides)).toThrow('cannot subtract types string');
  });

  it('refuses to make texts without bounds', () => {
    const long = 'x'.repeat(40 * 1024 * 1024);
    expect(() => add(long, long, sides)).toThrow('exceeds the maximum');
  });
});
