import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

const random = randomFor('lambdas without a context');

const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>='];
const OPERANDS = ['n', 'n.a', 'n.b.c', 'n.*', 'n.0', 'n."toString"', '3', '-1.5', '"x"', 'true', 'null', '[1]', '9007199254740993'];
const DOCUMENT = {
  v: [1, -2.5, 'x', true, null, { a: 2, b: { c: 3 } }, { a: 'y', b: { c: 0 } }, [1, 2], { a: 9_007_199_254_740_991, b: { c: 2 } }],
};

const operand = (): string => random.pick(OPERANDS);
const body = (): string =>
  random.pick([
    operand(),
    `${operand()} ${random.pick(OPERATORS)} ${operand()}`,
    `${operand()} + ${operand()} * ${operand()} - ${operand()}`,
  ]);

function outcomeOf(source: string): unknown {
  try {
    return parseMapping(source).evaluate(DOCUMENT);
  } catch (error) {
    return `failed: ${(error as Error).message}`;
  }
}

describe('a lambda that needs nothing but its argument', () => {
  it(`gives what any other gives (SLUICE_TEST_SEED=${random.seed})`, () => {
    let succeeded = 0;
    for (let round = 0; round < 2_000; round++) {
      const made = body();
      const place = random.below(DOCUMENT.v.length);
      // An array around it is no such lambda.
      const [direct, wrapped] = [`n -> ${made}`, `n -> [${made}].index(0)`].map((lambda) =>
        outcomeOf(`root = [this.v.index(${place})].map_each(${lambda})`),
      );
      if (typeof direct === 'string') expect([made, typeof wrapped]).toEqual([made, 'string']);
      else {
        succeeded++;
        expect([made, direct]).toEqual([made, wrapped]);
      }
    }
    expect(succeeded).toBeGreaterThan(200);
  });

  it('says where it failed', () => {
    expect(outcomeOf('root = this.v.map_each(n -> n + 1)')).toBe(
      'failed: failed assignment (line 1): field `this.v`: failed to process element 2: cannot add types string (from field `n`) and number (from number literal)',
    );
  });

  it('is none where it sees the argument of another lambda', () => {
    expect(outcomeOf('root = this.v.slice(0, 1).map_each(m -> [10].map_each(n -> m + n))')).toEqual([[11n]]);
  });
});
