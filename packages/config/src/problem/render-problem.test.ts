import { describe, expect, it } from 'vitest';
import type { Problem } from './problem.ts';
import { renderProblem } from './render-problem.ts';

describe('renderProblem', () => {
  it('shows the place, the line and a caret below it', () => {
    expect(rendered('a: 1\n\tb: ö, 日本: x\r\n', { line: 2, column: 12 })).toBe(
      'c.yaml(2,12) what is wrong\n  2 |  b: ö, 日本: x\n                   ^\n',
    );
  });

  it('names a warning as one', () => {
    expect(rendered('a: 1', { line: 1, column: 1, severity: 'warning' })).toBe('c.yaml(1,1) warning: what is wrong\n  1 | a: 1\n      ^\n');
  });

  it('hides secrets in the line, and what came from the environment altogether', () => {
    expect(rendered("c: {secret: 'a b', token: xyz, url: redis://u:pw@h}", { line: 1, column: 4 })).toContain(
      'c: {secret: •••••, token: •••, url: redis://u:••@h}',
    );
    expect(rendered('hunter2', { line: 1, column: 1, file: '$SLUICE_LANES' })).toBe('$SLUICE_LANES: what is wrong\n');
  });

  it('cuts a window out of a long line', () => {
    const lines = rendered(`${'x'.repeat(5_000)}HERE`, { line: 1, column: 5_001 }).split('\n');
    expect([lines[1]!.length < 200, lines[1]!.charAt(lines[2]!.indexOf('^'))]).toEqual([true, 'H']);
  });

  it('lets no control character of a file through', () => {
    expect(rendered('a: 1', { line: 1, column: 1, message: 'unknown field `\u001b[31m\n`' })).toBe(
      'c.yaml(1,1) unknown field `\\u001b[31m\\u000a`\n  1 | a: 1\n      ^\n',
    );
  });

  it('does without a line that it has not', () => {
    expect(rendered('a: 1', { line: 7, column: 1 })).toBe('c.yaml(7,1) what is wrong\n');
  });
});

function rendered(text: string, place: Pick<Problem, 'line' | 'column'> & Partial<Problem>): string {
  const problem: Problem = { severity: 'error', file: 'c.yaml', code: 'field.value', message: 'what is wrong', ...place };
  return renderProblem(problem, new Map([[problem.file, text]]));
}
