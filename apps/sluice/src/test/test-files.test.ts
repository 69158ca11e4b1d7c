import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLAIN } from './json-difference.ts';
import { testFiles } from './test-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `pipeline:
  processors:
    - label: up
      mapping: 'root = content().uppercase() + "\${SUFFIX}"'
processor_resources:
  - label: low
    mapping: root = content().lowercase()
`;

describe('testFiles', () => {
  it('runs the tests of a file, with their variables', async () => {
    await write('a.yaml', `${CONFIG}tests:\n${test('one', '{content: a}', '{content_equals: A!}', 'environment: {SUFFIX: "!"}')}`);
    expect(await run()).toEqual({ targets: 1, failures: [], lines: ['  - one', "Test 'a.yaml' succeeded"] });
  });

  it('says what failed, with the line of the test', async () => {
    await write('a.yaml', `${CONFIG}tests:\n${test('one', '{content: a}', '{content_equals: B}')}`);
    expect((await run()).failures).toEqual([
      '--- a.yaml ---\n\none [line 9]:\nbatch 0 message 0: content_equals: content mismatch\n  expected: B\n  received: A\n',
    ]);
  });

  it('takes the tests beside a file instead of those in it', async () => {
    await write('a.yaml', `${CONFIG}tests:\n${test('one', '{content: a}', '{content_equals: B}')}`);
    await write('a_benthos_test.yaml', `tests:\n${test('two', '{content: a}', '{content_equals: A}')}`);
    expect((await run()).lines).toEqual(['  - two', "Test 'a.yaml' succeeded"]);
  });

  it.each([
    ['a resource by its label', 'target_processors: low', '{content: A}', '{content_equals: a}'],
    ['one processor by a pointer', 'target_processors: /pipeline/processors/0', '{content: a}', '{content_equals: A}'],
    ['processors of another file', 'target_processors: "./b.yaml#/pipeline/processors"', '{content: a}', '{content_equals: b}'],
    ['a mapping in a file', 'target_mapping: m.blobl', '{json_content: {a: 1}}', '{json_equals: {b: 1}}'],
    ['a mock by label', 'mocks: {up: {mapping: root = "m"}}', '{content: a}', '{content_equals: m}'],
    ['a mock by pointer', 'mocks: {/pipeline/processors/0: {mapping: root = "m"}}', '{content: a}', '{content_equals: m}'],
    ['metadata of any type', 'mocks: {up: {mapping: root = @n + 1}}', '{content: a, metadata: {n: 5}}', '{content_equals: "6"}'],
    ['content of a file', '', '{file_content: m.blobl}', '{content_equals: "ROOT.B = THIS.A"}'],
  ])('tests %s', async (_, more, input, output) => {
    await write('a.yaml', `${CONFIG}tests:\n${test('one', input, output, more)}`);
    await write('b.yaml', 'pipeline: {processors: [{mapping: root = "b"}]}\n');
    await write('m.blobl', 'root.b = this.a');
    expect((await run()).failures).toEqual([]);
  });

  it.each([
    ['{}', 'caught'],
    ['{ strict: true }', 'a'],
  ])('treats failed messages as the pipeline does: error_handling %s', async (handling, content) => {
    const failing = 'pipeline: {processors: [{mapping: root = throw("no")}, {catch: [{mapping: root = "caught"}]}]}\n';
    await write('a.yaml', `${failing}error_handling: ${handling}\ntests:\n${test('one', '{content: a}', `{content_equals: ${content}}`)}`);
    expect((await run()).failures).toEqual([]);
  });

  it.each([
    ['target_processors: nope', 'target_processors: no processor resource is labelled `nope`'],
    ['target_processors: /input/processors', 'target_processors: there is nothing at `/input/processors`'],
    ['mocks: {nope: {noop: {}}}', 'mock `nope`: there is no such processor'],
    ['mocks: {up: text}', 'mock `up`: expected a processor, got `text`'],
    ['target_mapping: none.blobl', 'no such file'],
  ])('stops at %s', async (more, reason) => {
    await write('a.yaml', `${CONFIG}tests:\n${test('one', '{content: a}', '{content_equals: a}', more)}`);
    await expect(run()).rejects.toThrow(reason);
  });

  it('knows templates', async () => {
    await write(
      't1.tmpl',
      'name: twice\ntype: processor\nfields: [{ name: by, type: string }]\nmapping: root.mapping = "root = content() + %q".format(this.by)\n',
    );
    await write('a.yaml', `pipeline: {processors: [{twice: {by: "!"}}]}\ntests:\n${test('one', '{content: a}', '{content_equals: a!}')}`);
    expect((await run({ hasTemplates: true })).failures).toEqual([]);
  });

  it('counts batches and messages', async () => {
    const tests = [
      test('fewer', '{content: a}', '{content_equals: A}, {content_equals: B}'),
      '  - name: none wanted\n    input_batch: [{content: a}]\n',
      '  - name: more wanted\n    input_batch: [{content: a}]\n    output_batches: [[{}], [{}]]\n',
    ];
    await write('a.yaml', `${CONFIG}tests:\n${tests.join('')}`);
    expect((await run()).failures[0]!.split('\n').filter((line) => /count|unexpected/.test(line))).toEqual([
      'mismatch of output batch 0 message counts, expected 2, got 1',
      'unexpected batch: [A]',
      'wrong batch count, expected 2, got 1',
    ]);
  });
});

const test = (name: string, input: string, output: string, more = '') =>
  `  - name: ${name}\n    input_batch: [${input}]\n    output_batches: [[${output}]]\n${more === '' ? '' : `    ${more}\n`}`;

const write = (name: string, text: string) => writeFile(join(folder, name), text);

async function run({ hasTemplates = false } = {}) {
  const lines: string[] = [];
  const path = join(folder, 'a.yaml');
  const plain = (text: string) => text.replaceAll(`${folder}/`, '');
  const options = {
    env: {},
    templates: [join(folder, 't*.tmpl')].filter(() => hasTemplates),
    logger: silentLogger,
    style: PLAIN,
    isVerbose: true,
    write: (line: string) => lines.push(plain(line)),
  };
  const { targets, failures } = await testFiles([path], options);
  return { targets, failures: failures.map(plain), lines };
}
