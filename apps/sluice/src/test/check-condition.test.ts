import { describe, expect, it } from 'vitest';
import { compileCondition } from './check-condition.ts';
import { PLAIN } from './json-difference.ts';

describe('compileCondition', () => {
  it.each([
    ['content_equals', '{"a":1}', undefined],
    ['content_equals', 'x', 'content mismatch\n  expected: x\n  received: {"a":1}'],
    ['content_matches', '"a":\\d', undefined],
    ['content_matches', '^x', 'pattern mismatch\n   pattern: ^x\n  received: {"a":1}'],
    ['bloblang', 'this.a == 1 && @n == 5', undefined],
    ['bloblang', 'this.a == 2', 'bloblang expression was false'],
    ['bloblang', 'this.b.number() > 0', expect.stringContaining('this.b')],
    ['metadata_equals', { n: 5 }, undefined],
    ['metadata_equals', { n: 6 }, "metadata key 'n' mismatch\n  expected: 6\n  received: 5"],
    ['metadata_equals', { other: 'x' }, "metadata key 'other' expected but not found"],
    ['json_equals', { a: 1 }, undefined],
    ['json_equals', { a: 1, b: [] }, 'JSON content mismatch\n{\n    "a": 1,\n    "b": [] <- expected, and not there\n}'],
    ['json_contains', {}, undefined],
    ['json_contains', { a: 2 }, 'JSON superset mismatch\n{\n    "a": 1 => 2 <- expected\n}'],
  ])('%s %j', (name, expected, reason) => {
    expect(checked(name, expected, '{"a":1}')).toEqual(reason);
  });

  it('says of what is no JSON that it is none', () => {
    expect(checked('json_equals', {}, 'abc')).toBe('JSON content mismatch\nfirst argument is invalid json');
  });

  it('wants lists to have the same elements, also within a superset', () => {
    expect(checked('json_contains', { a: [{}] }, '{"a":[{"b":1}]}')).toBeUndefined();
    expect(checked('json_contains', { a: [1] }, '{"a":[1,2]}')).toBe(
      'JSON superset mismatch\n{\n    "a": [\n        1,\n        2 <- not expected\n    ]\n}',
    );
  });

  it('refuses a pattern that does not parse', () => {
    expect(() => compileCondition({ name: 'content_matches', expected: '(' }, CONTEXT)).toThrow();
  });
});

const CONTEXT = { folder: '.', style: PLAIN };

const checked = (name: string, expected: unknown, content: string) =>
  compileCondition({ name, expected }, CONTEXT)([{ content: Buffer.from(content), metadata: { n: 5 } }], 0);
