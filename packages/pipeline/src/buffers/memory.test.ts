import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@sluice/core';
import { expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

const TRACE = `pipeline: {processors: [{mapping: 'root = "%v/%v %s".format(batch_index(), batch_size(), content().string())'}]}\n`;

it.each([
  ['memory: {}', '0/1 a\n0/1 b\n0/1 c\n'],
  ['memory: {limit: 1}', '0/1 a\n0/1 b\n0/1 c\n'],
  ['memory: {batch_policy: {enabled: true, count: 2}}', '0/2 a\n1/2 b\n0/1 c\n'],
  ['none: {}', '0/1 a\n0/1 b\n0/1 c\n'],
])('hands on what it holds, in order: %s', async (buffer, expected) => {
  expect(await runText(`input: {stdin: {}}\nbuffer: {${buffer}}\n${TRACE}`, { stdin: 'a\nb\nc\n' })).toBe(expected);
});

it('lets a message through that is larger than it, alone', async () => {
  expect(await runText('buffer: {memory: {limit: 4}}\noutput: {stdout: {}}\n', { stdin: 'aaaaaaaa\nb\ncc\n' })).toBe('aaaaaaaa\nb\ncc\n');
});

it('takes messages off the hands of the input, and delivers what is refused again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-buffer-'));
  await writeFile(join(folder, 'a'), 'x\n');
  const cases = `[{check: 'count("memory buffer") < 3', output: {reject: no}}, {output: {stdout: {}}}]`;
  const text = `input: {file: {paths: [${folder}/a], delete_on_finish: true, auto_replay_nacks: false}}\nbuffer: {memory: {}}\noutput: {switch: {cases: ${cases}}}\n`;
  expect(await runText(text)).toBe('x\n');
  await expect(readFile(join(folder, 'a'))).rejects.toThrow('ENOENT');
});

it('gives up during a stop what the output refuses on purpose, and tries the rest at once', async () => {
  const stop = new AbortController();
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  // The first refusals are there once the last message has come out.
  const cases = `[{check: content() == "a", output: {reject: no}}, {output: {stdout: {}}}]`;
  const text = `input: {stdin: {}}\nbuffer: {memory: {}}\noutput: {switch: {cases: ${cases}}}\n`;
  const onOutput = () => stop.abort();
  expect(await runText(text, { stdin: 'a\nb\n', stop: stop.signal, shutdownTimeoutMs: 36_000_000, logger, onOutput })).toBe('b\n');
  expect(warnings).toEqual(['message dropped: the pipeline stops, and its output refuses it']);
});

it('is refused by name where there is no such buffer', async () => {
  await expect(runText('buffer: {sqlite: {path: x}}\noutput: {stdout: {}}\n')).rejects.toThrow(
    'Sluice has no buffer `sqlite`; it supports `none`, `memory`',
  );
});
