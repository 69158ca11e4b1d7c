import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { runText } from './testing/rig.ts';

const TRACE = `mapping: 'root = "%v/%v %s".format(batch_index(), batch_size(), content().string())'`;
const GENERATE = (count: number, size: number) =>
  `generate: {count: ${count}, batch_size: ${size}, interval: '', mapping: 'root.id = count("run-pipeline ${count} ${size}")'}`;

describe('a pipeline', () => {
  it('writes what it reads, line by line, and ends with its input', async () => {
    const text = `input: {stdin: {}}\npipeline: {processors: [{${TRACE}}]}\noutput: {stdout: {}}\n`;
    expect(await runText(text, { stdin: 'a\nb\r\n\nc' })).toBe('0/1 a\n0/1 b\n0/1 \n0/1 c\n');
  });

  it('keeps the batches of its input, the last one with what is left of the count', async () => {
    expect(await runText(`input: {${GENERATE(3, 2)}}\npipeline: {processors: [{${TRACE}}]}\n`)).toBe(
      '0/2 {"id":1}\n1/2 {"id":2}\n0/1 {"id":3}\n',
    );
  });

  it('reads files in their order and appends to others, in folders that it makes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-pipeline-'));
    await Promise.all([writeFile(join(folder, 'a.txt'), '1\n2\n'), writeFile(join(folder, 'b.txt'), '3\n')]);
    const out = join(folder, 'x/y/out.txt');
    const text = `input: {file: {paths: [${folder}/*.txt], delete_on_finish: true}}\noutput: {file: {path: ${out}}}\n`;
    await runText(text);
    expect(await readFile(out, 'utf8')).toBe('1\n2\n3\n');
    await expect(readFile(join(folder, 'a.txt'))).rejects.toThrow('ENOENT');
  });

  it('keeps a file that was refused, though it should be deleted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-pipeline-'));
    await writeFile(join(folder, 'a.txt'), '1\n');
    await runText(`input: {file: {paths: [${folder}/a.txt], delete_on_finish: true, auto_replay_nacks: false}}\noutput: {reject: no}\n`);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('1\n');
  });

  it('stops on demand and delivers what it has read', async () => {
    const stdin = new PassThrough();
    const stop = new AbortController();
    stdin.write('a\nb\n');
    const output = runText('input: {stdin: {}}\noutput: {stdout: {}}\n', { stdin, stop: stop.signal });
    setImmediate(() => stop.abort());
    expect(['', 'a\n', 'a\nb\n']).toContain(await output);
  });

  it('gives up what nobody takes when the time for a stop is over', async () => {
    const stop = new AbortController();
    stop.abort();
    const stdin = new PassThrough();
    stdin.end('a\n');
    expect(await runText('input: {stdin: {}}\noutput: {reject: no}\n', { stdin, stop: stop.signal, shutdownTimeoutMs: 10 })).toBe('');
  });

  it('ends with an error where a processor ends the process, or a source is malformed', async () => {
    await expect(runText('input: {stdin: {}}\npipeline: {processors: [{crash: stop}]}\n', { stdin: 'a\n' })).rejects.toThrow(
      'ends the process',
    );
    const malformed = 'input: {stdin: {scanner: {lines: {max_buffer_size: 3}}}}\noutput: {drop: {}}\n';
    await expect(runText(malformed, { stdin: 'a\nabcd\n' })).rejects.toThrow(expect.objectContaining({ code: 'SOURCE_MALFORMED' }));
  });

  it('drops what was refused where it is not to be delivered again', async () => {
    expect(await runText('input: {stdin: {auto_replay_nacks: false}}\noutput: {reject: no}\n', { stdin: 'a\nb\n' })).toBe('');
  });

  it('delivers again what was made, whatever is set', async () => {
    const cases = `[{check: 'count("made again") < 3', output: {reject: no}}, {output: {stdout: {}}}]`;
    const text = `input: {generate: {count: 1, interval: '', mapping: root = "x", auto_replay_nacks: false}}\noutput: {switch: {cases: ${cases}}}\n`;
    expect(await runText(text)).toBe('x\n');
  });

  it('begins each message of a batch that is made with the first one', async () => {
    const text = `input: {generate: {count: 5, batch_size: 3, interval: '', mapping: 'root.n = (this.n | 0) + 1'}}\npipeline: {threads: 1}\n`;
    expect(await runText(text)).toBe('{"n":1}\n{"n":2}\n{"n":2}\n{"n":1}\n{"n":2}\n');
  });

  it.each(['{}', 'pipeline: {processors: []}'])('copies standard input to standard output where neither is named: %s', async (text) => {
    expect(await runText(`${text}\n`, { stdin: 'a\nb\n' })).toBe('a\nb\n');
  });

  it('refuses messages whose processing failed under error_handling.strict, and writes their neighbours', async () => {
    const text = `input: {stdin: {auto_replay_nacks: false}}\nerror_handling: {strict: true}\npipeline: {processors: [{mapping: root = this.id}]}\n`;
    expect(await runText(text, { stdin: '{"id":1}\nx\n{"id":3}\n' })).toBe('1\n3\n');
  });
});

it('logs each message that leaves a chain with a failure, once', async () => {
  const errors: unknown[] = [];
  const logger = { ...silentLogger, error: (message: string, facts?: object) => void errors.push([message, facts]) };
  const text = `input: {stdin: {}}\npipeline: {processors: [{mapping: root = this.id}]}\noutput: {stdout: {}, processors: [{noop: {}}]}\n`;
  await runText(text, { stdin: '{"id":1}\nx\n', logger });
  expect(errors).toEqual([
    ['a processor failed for a message', { processor: 'root.pipeline.processors.0', reason: expect.stringContaining('invalid character') }],
  ]);
});

describe('batches', () => {
  const batched = (policy: string) => `input: {batched: {child: {stdin: {}}, policy: {${policy}}}}\npipeline: {processors: [{${TRACE}}]}\n`;

  it.each([
    ['count: 2', '0/2 a\n1/2 b\n0/1 c\n'],
    ['byte_size: 3', '0/3 a\n1/3 b\n2/3 c\n'],
    ['check: content() == "b", period: 1h', '0/2 a\n1/2 b\n0/1 c\n'],
    ['count: 2, processors: [{archive: {format: json_array}}]', '0/1 ["a","b"]\n0/1 ["c"]\n'],
  ])('leave by their policy, and what is left at the end leaves too: %s', async (policy, expected) => {
    const stdin = policy.includes('json') ? '"a"\n"b"\n"c"\n' : 'a\nb\nc\n';
    expect(await runText(batched(policy), { stdin })).toBe(expected);
  });
});
