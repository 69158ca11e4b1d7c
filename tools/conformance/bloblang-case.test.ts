import { describe, expect, it } from 'vitest';
import { type Actual, type Case, matches, runCase } from './bloblang-case.ts';

const caseOf = (changes: Partial<Case>): Case => ({ id: 'x', mode: 'map', mapping: 'root = this', input: '{}', expect: {}, ...changes });

describe('runCase', () => {
  it.each<[Partial<Case>, Actual]>([
    [
      { mapping: 'root.a = @k\nmeta n = 1.5', input: '', meta: { k: 'v' } },
      { out: '{"a":"v"}', meta: { k: 'v', n: 1.5 } },
    ],
    [
      { mode: 'mut', mapping: 'root.b = this.a', input: '{"a":1}' },
      { out: '{"a":1,"b":1}', meta: {} },
    ],
    [{ mode: 'interp', mapping: '${! json("a") }-${! @k }', input: '{"a":1}' }, { out: '1-null' }],
    [{ mode: 'interp', mapping: '${! throw("x") }' }, { error: 'x' }],
    [{ mode: 'interp', mapping: '${! nope' }, { parse_error: 'required: expected end of expression, but reached end of input' }],
    [{ mapping: 'root = deleted()' }, { dropped: true }],
    [{ mapping: 'root = throw("x")' }, { error: 'failed assignment (line 1): x' }],
    [{ mapping: 'root = ' }, { parse_error: 'line 1 char 8: expected query' }],
  ])('%j', (changes, actual) => {
    expect(runCase(caseOf(changes))).toEqual(actual);
  });
});

describe('matches', () => {
  it('takes an output for no pass of an error, and metadata only where a case tells it', () => {
    expect(matches({ out: '1' }, { out: '1', meta: { k: 'v' } })).toBe(true);
    expect(matches({ out: '1', meta: {} }, { out: '1', meta: { k: 'v' } })).toBe(false);
    expect(matches({ error: 'x' }, { out: '1' })).toBe(false);
    expect(matches({ out: '1' }, { out: '2' })).toBe(false);
  });
});
