// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are what the pass under test replaces
import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../problem/problem.ts';
import { SourceFile, sliceOf } from '../source/source-file.ts';
import { replaceEnvVariables } from './env-vars.ts';

const ENV = { FOO: 'foo', EMPTY: '', 'A.B_1': 'dotted', LINES: 'a\nb', B64: 'Zm9vYmFy' };

describe('replaceEnvVariables', () => {
  it.each([
    ['a ${FOO} b', 'a foo b'],
    ['${A.B_1}', 'dotted'],
    ['# ${FOO}: in comments and keys too', '# foo: in comments and keys too'],
    ['${EMPTY}', ''],
    ['${EMPTY:bar}', 'bar'],
    ['${NOPE:bar}', 'bar'],
    ['${FOO:bar}', 'foo'],
    ['${NOPE::}', ':'],
    ['${NOPE:}', ''],
    ['${NOPE:${! json("a") }}', '${! json("a") }'],
    ['${NOPE:a${! x }b${! y }c}', 'a${! x }b${! y }c'],
    ['${NOPE:${FOO}}', '${FOO}'],
    ['${NOPE:${! open', '${NOPE:${! open'],
    ['${NOPE:${! open }', '${! open '],
    ['${NOPE:${}}', '${}'],
    ['${LINES}', 'a\\nb'],
    ['${B64|base64decode}', 'foobar'],
    ['${NOPE:Zm9v|base64decode}', 'foo'],
    ['${B64:foo|bar|base64decode}', 'foobar'],
    ['${{FOO}}', '${FOO}'],
    ['${{FOO:bar}}', '${FOO:bar}'],
    ['${{FOO:${! x }}}', '${FOO:${! x }}'],
    ['${{FOO}', '${{FOO}'],
    ['${! json("a") }', '${! json("a") }'],
    ['${}', '${}'],
    ['${FOO BAR}', '${FOO BAR}'],
    ['$FOO', '$FOO'],
    ['${FOO}${FOO}', 'foofoo'],
  ])('%s becomes %s', (text, expected) => {
    const log = new ProblemLog();
    expect({ text: replaced(text, log).text, problems: log.problems }).toEqual({ text: expected, problems: [] });
  });

  it.each([
    ['a: ${NOPE}\nb: ${NOPE2}', ['env.missing 1:4', 'env.missing 2:4']],
    ['${constructor}', ['env.missing 1:1']],
    ['${X:a|b}', ['env.invalid 1:1']],
    ['${NOPE:!|base64decode}', ['env.invalid 1:1']],
  ])('reports what is wrong in %j', (text, expected) => {
    const log = new ProblemLog();
    replaced(text, log);
    expect(log.problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(expected);
  });

  it('keeps the places of the original file, and the variable behind a value', () => {
    const source = replaced('a: ${FOO:x}\nb: ${{FOO}} c', new ProblemLog());
    const at = (part: string) => source.locate(source.text.indexOf(part));
    expect({
      text: source.text,
      b: at('b:'),
      foo: at('foo'),
      c: at(' c'),
      variable: source.variableAt(4),
      none: source.variableAt(0),
    }).toEqual({
      text: 'a: foo\nb: ${FOO} c',
      b: { file: 't.yaml', line: 2, column: 1 },
      foo: { file: 't.yaml', line: 1, column: 4 },
      c: { file: 't.yaml', line: 2, column: 12 },
      variable: 'FOO',
      none: undefined,
    });
  });
});

const replaced = (text: string, log: ProblemLog) => replaceEnvVariables(sliceOf(new SourceFile('t.yaml', text), 0, text.length), ENV, log);
