import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { letterOf, outgoing } from '../testing/letters.ts';
import { createFileOutput } from './file-output.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-dead-letters-'));
  path = join(folder, 'dead.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

describe('dead letters in a file', () => {
  it('are lines behind those that are there, and nobody else may read them', async () => {
    const output = createFileOutput(path);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => outgoing(letterOf(id)));
    expect(await output.put([a!, b!], signal)).toEqual([undefined, undefined]);
    await output.put([c!], signal);
    expect(await readFile(path, 'utf8')).toBe(`${a!.line}\n${b!.line}\n${c!.line}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('begin a line of their own behind a line that a crash has torn', async () => {
    await appendFile(path, '{"format":"slu');
    const letter = outgoing(letterOf('a'));
    await createFileOutput(path).put([letter], signal);
    expect(await readFile(path, 'utf8')).toBe(`{"format":"slu\n${letter.line}\n`);
  });

  it('go into a new file after the old one was moved away', async () => {
    const output = createFileOutput(path);
    await output.put([outgoing(letterOf('a'))], signal);
    await rm(path);
    const letter = outgoing(letterOf('b'));
    await output.put([letter], signal);
    expect(await readFile(path, 'utf8')).toBe(`${letter.line}\n`);
  });

  it('stay where they are when the file cannot be written, with the reason', async () => {
    const output = createFileOutput(join(folder, 'none', 'dead.jsonl'));
    await expect(output.put([outgoing(letterOf('a'))], signal)).rejects.toMatchObject({
      code: 'DEAD_LETTER_OUTPUT_FAILED',
      disposition: 'retry',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
