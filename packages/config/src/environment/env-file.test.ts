import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../problem/problem.ts';
import { SourceFile } from '../source/source-file.ts';
import { parseEnvFile } from './env-file.ts';

describe('parseEnvFile', () => {
  it('reads bare, quoted and raw values, comments and CRLF', () => {
    const text = '# head\r\nA=1\r\n B = two # comment\n\nC="a \\"b\\"\\n\\x41\\u00e9"\nD="""raw \\n\nlines"""\nE=\n__proto__=x';
    expect(parse(text)).toEqual({
      variables: [
        ['A', '1'],
        ['B', 'two'],
        ['C', 'a "b"\nAé'],
        ['D', 'raw \\n\nlines'],
        ['E', ''],
        ['__proto__', 'x'],
      ],
      problems: [],
    });
  });

  it.each([
    ['export A=1', '1:1 expected `NAME=value`, a comment or an empty line'],
    ['A=1\nB=two words', '2:6 the line must end after the value of `B`; put a value with blanks or `#` into double quotes'],
    ['A="\\q"', '1:7 the value of `A` has an escape that Go does not know'],
    ['A="open', '1:3 the line must end after the value of `A`; put a value with blanks or `#` into double quotes'],
  ])('a malformed line fails the whole file: %j', (text, message) => {
    expect(parse(text)).toEqual({ variables: [], problems: [message] });
  });
});

function parse(text: string) {
  const log = new ProblemLog();
  const variables = Object.entries(parseEnvFile(new SourceFile('.env', text), log));
  return { variables, problems: log.problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}
