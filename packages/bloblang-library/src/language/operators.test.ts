import { Float64, JsonNumber, type Value } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

const evaluate = (query: string, value: Value = null): Value => parseMapping(`root = ${query}`).evaluate(value);

describe('precedence', () => {
  it.each<[string, Value]>([
    ['true || false && false', false],
    ['1 + null | 5', 6n],
    ['2 * this.missing | 3', 3n],
    ['this.a | this.b + 1', 3n],
    ['1 + 2 * 3 - 4', 3n],
    ['10 - 2 - 3', 5n],
    ['-5.abs()', -5n],
    ['2 - -3', 5n],
    ['!this.t && this.t', false],
    ['!(this.t && false)', true],
    ['1 + 2 == 3 && 2 < 1 + 2', true],
    ['1 < 2 == true', true],
    ['"a" + "b" == "ab"', true],
    ['7 % 4 * 2', 6n],
  ])('%s is %s', (query, result) => {
    expect(evaluate(query, { b: 2, t: true })).toEqual(result);
  });
});

describe('operators on constants and on values', () => {
  const numbers: Value[] = [
    0,
    1,
    -7,
    2.5,
    9007199254740991,
    1152921504606847000,
    new JsonNumber('1.0'),
    new JsonNumber('9007199254740993'),
    3n,
    -(2n ** 63n),
    new Float64(2.5),
  ];
  const constants = ['0', '1', '3', '2.5', '9007199254740991', '9007199254740993', '9223372036854775807', '-4', '"a"'];

  it.each(['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>='])('agree for %s', (operator) => {
    for (const left of numbers) {
      for (const constant of constants) {
        const folded = attempt(() => parseMapping(`root = this ${operator} ${constant}`).evaluate(left));
        const dynamic = attempt(() => parseMapping(`let r = ${constant}\nroot = this ${operator} $r`).evaluate(left));

        expect({ left, constant, result: folded }).toEqual({ left, constant, result: dynamic });
      }
    }
  });

  it.each<[string, Value]>([
    ['9223372036854775807 + this.one', -(2n ** 63n)],
    ['this.one - 9223372036854775807 - 3', 2n ** 63n - 1n],
    ['this.big * 2', 18014398509481982n],
    ['this.big * this.big', BigInt.asIntN(64, 9007199254740991n ** 2n)],
    ['this.half + 1', new Float64(1.5)],
    ['this.one + this.half', new Float64(1.5)],
    ['this.half * this.half', new Float64(0.25)],
    ['this.huge - this.one', 1152921504606846999n],
    ['this.huge - this.half', new Float64(1152921504606847000)],
    ['this.one == 1.0', true],
    ['this.half < 1', true],
    ['this.one / 2', new Float64(0.5)],
  ])('%s', (query, result) => {
    expect(evaluate(query, { one: 1, half: 0.5, big: 9007199254740991, huge: 1152921504606847000 })).toEqual(result);
  });

  it('short-circuit, or recover', () => {
    expect(evaluate('false && throw("x")')).toBe(false);
    expect(evaluate('1 || throw("x")')).toBe(true);
    expect(evaluate('throw("x") | null | deleted() | nothing() | "last"')).toBe('last');
  });
});

function attempt(run: () => Value): unknown {
  try {
    return run();
  } catch (error) {
    // The sides are named differently, a variable here and a literal there.
    return (error as Error).message.replace(/\(line \d\)|number literal|string literal|variable r/g, '');
  }
}
