import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { messageOf, run, step, told } from './testing/chain.ts';

const grok = (options: Readonly<Record<string, unknown>>) =>
  step('grok', {
    ...{ expressions: [], pattern_definitions: {}, pattern_paths: [] },
    ...{ named_captures_only: true, use_default_patterns: true, remove_empty_values: true, ...options },
  });
const parseLog = (options: Readonly<Record<string, unknown>>) =>
  step('parse_log', { best_effort: true, allow_rfc3339: true, default_year: 'current', default_timezone: 'UTC', ...options });

describe('jmespath', () => {
  it('makes each message what the query finds, and flags one where it fails or that is no document', () => {
    expect(told([step('jmespath', { query: 'a.b' })], ['{"a":{"b":1.0}}', '{}', 'no'])).toEqual([
      '1 <- 0',
      'null <- 1',
      expect.stringMatching(/^no <- 2 ! invalid character 'o'/),
    ]);
    expect(told([step('jmespath', { query: 'avg(@)' })], ['[]', '["a"]'])).toEqual([
      ' <- 0',
      expect.stringMatching(/^\["a"\] <- 1 ! Invalid type/),
    ]);
  });

  it('refuses what is no query', () => {
    expect(() => run([step('jmespath', { query: 'a[' })], [])).toThrow('failed to compile JMESPath query: SyntaxError: Expected tStar');
  });
});

const jq = (query: string, options: Readonly<Record<string, unknown>> = {}) =>
  step('jq', { query, raw: false, output_raw: false, ...options });

describe('jq', () => {
  it('makes each message its results, an array of several; without one the message goes', () => {
    expect(told([jq('.a[]?')], ['{"a":[1.0]}', '{"a":[1,2]}', '{}', 'no'])).toEqual([
      '1.0 <- 0',
      '[1,2] <- 1',
      expect.stringMatching(/^no <- 3 ! invalid character 'o'/),
    ]);
  });

  it('sees metadata, flags what fails, and goes on after a filter without an end', () => {
    expect(told([jq('$metadata.k.x')], [messageOf('{}', { k: { x: [1] } })])).toEqual(['[1] <- 0']);
    expect(told([jq('.a')], ['1'])).toEqual(['1 <- 0 ! expected an object but got: number (1)']);
    expect(told([jq('def f: f; f')], ['1'])).toEqual(['1 <- 0 ! evaluation is nested too deeply']);
    expect(told([jq('last(repeat(1))')], ['1'])).toEqual(['1 <- 0 ! evaluation exceeds the maximum of 10000000 steps']);
  });

  it('takes and writes texts as they are', () => {
    expect(told([jq('ascii_downcase', { raw: true })], ['ABC'])).toEqual(['"abc" <- 0']);
    expect(told([jq('., {a: "<"}', { output_raw: true })], ['"x"'])).toEqual(['x{"a":"\\u003c"} <- 0']);
    expect(told([jq('.', { output_raw: true })], ['""'])).toEqual([' <- 0']);
  });

  it('refuses what is no filter', () => {
    expect(() => run([jq('.[')], [])).toThrow('bad jq query: unexpected EOF');
    expect(() => run([jq('input')], [])).toThrow('bad jq query: input(s)/0 is not allowed');
  });
});

describe('grok', () => {
  it('takes the first expression that finds something, and flags a message in which none does', () => {
    const expressions = ['%{INT:deep.n:int}$', '^%{WORD:word}'];
    expect(told([grok({ expressions })], ['a 7', 'a 99999999999999999999', '??'])).toEqual([
      '{"deep":{"n":7}} <- 0',
      '{"word":"a"} <- 1',
      '?? <- 2 ! no pattern matches found',
    ]);
  });

  it('reads patterns from files and folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grok-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'a'), '# mine\nMINE q+\n\n');
    for (const path of [folder, join(folder, 'a')]) {
      expect(told([grok({ expressions: ['%{MINE:a}'], pattern_paths: [path] })], ['xqq'])).toEqual(['{"a":"qq"} <- 0']);
    }
  });

  it.each([
    [{ expressions: ['%{NONE:a}'] }, "failed to compile Grok pattern '%{NONE:a}': no pattern found for %{NONE}"],
    [{ pattern_definitions: { A: '%{NONE}' } }, 'failed to create grok compiler: no pattern found for %{NONE}'],
    [{ pattern_paths: ['/nothere'] }, "failed to parse patterns from path '/nothere': ENOENT"],
  ])('refuses %j', (options, reason) => {
    expect(() => run([grok(options)], [])).toThrow(reason);
  });
});

describe('parse_log', () => {
  it('makes a document of a syslog line, in the year that it is, and flags other messages', () => {
    expect(told([parseLog({ format: 'syslog_rfc3164' })], ['<28>Dec  2 16:49:23 host app[1]: Test', 'nope'])).toEqual([
      '{"appname":"app","facility":3,"hostname":"host","message":"Test","priority":28,"procid":"1","severity":4,"timestamp":"2026-12-02T16:49:23Z"} <- 0',
      'nope <- 1 ! expecting a priority value within angle brackets [col 0]',
    ]);
    expect(told([parseLog({ format: 'syslog_rfc5424' })], ['<42>4 - - - - - -'])).toEqual([
      '{"facility":5,"priority":42,"severity":2,"version":4} <- 0',
    ]);
  });

  it.each([
    [{ default_year: 'soon' }, 'expected a `default_year` that is a number, `current` or empty, found `soon`'],
    [{ default_timezone: 'No/Where' }, 'failed to lookup timezone: unknown time zone No/Where'],
  ])('refuses %j', (options, reason) => {
    expect(() => run([parseLog({ format: 'syslog_rfc3164', ...options })], [])).toThrow(reason);
  });
});
