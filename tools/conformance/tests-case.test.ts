import { describe, expect, it } from 'vitest';
import { matches } from './tests-case.ts';

const answer = { exit: 1, stdout: "Test 'c.yaml' failed\n", stderr: '' };

describe('matches', () => {
  it.each([
    ['the same', {}, true],
    ['another exit code', { exit: 2 }, false],
    ['another output', { stdout: "Test 'c.yaml' succeeded\n" }, false],
    ['lines of a log beside it', { stdout: `level=info msg=hello\n${answer.stdout}` }, true],
    ['an error where there was none', { stderr: 'no\n' }, false],
  ])('%s', (_, facts, expected) => expect(matches(answer, { ...answer, ...facts })).toBe(expected));

  it('takes the text of a lint for ours, but not its line', () => {
    const of = (text: string) => ({ ...answer, stdout: `Lint: ${text}\n` });
    expect([matches(of('(9,1) a'), of('(9,5) b')), matches(of('(9,1) a'), of('(8,1) a'))]).toEqual([true, false]);
  });
});
