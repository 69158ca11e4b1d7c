import { describe, expect, it } from 'vitest';
import { type LintCase, lintCase, matches } from './lint-case.ts';

const OUTPUT = 'output:\n  aws_kinesis:\n    stream: a\n';

const caseOf = (config: string, facts: Partial<LintCase> = {}): LintCase => ({
  ...{ id: 'x', config, env: {}, args: [], files: {}, lint: [], lintExit: 0, run: 'starts' },
  ...facts,
});

describe('lintCase', () => {
  it('finds the lines of errors, with variables of files', async () => {
    const text = `${OUTPUT}    partition_key: k\n    max_in_flight: \${N}\n    foo: 1\n`;
    const outcome = await lintCase(caseOf(text, { args: ['-e', 'v.env'], files: { 'v.env': 'N=no\n' } }));
    expect({ lines: outcome.lines, isRefused: outcome.isRefused }).toEqual({ lines: [5, 6], isRefused: true });
  });
});

describe('matches', () => {
  const refused = { isRefused: true, lines: [2], texts: [] };
  const clean = { isRefused: false, lines: [], texts: [] };

  it.each([
    ['a clean file that starts must be clean', {}, clean, true],
    ['and may not be refused', {}, refused, false],
    ['one that cannot start may be refused', { run: 'service closing' }, refused, true],
    ['a refused one must be refused', { lintExit: 1, lint: [{ line: 2, text: 'field x not recognised' }] }, clean, false],
    ['on the same lines', { lintExit: 1, lint: [{ line: 2, text: 'field x not recognised' }] }, refused, true],
    ['and no others', { lintExit: 1, lint: [{ line: 1, text: 'field x not recognised' }] }, refused, false],
    ['but where the original has no place', { lintExit: 1, lint: [{ line: 1, text: 'yaml: line 6: did not find' }] }, refused, true],
  ])('%s', (_, facts, outcome, expected) => expect(matches(caseOf('', facts), outcome)).toBe(expected));
});
