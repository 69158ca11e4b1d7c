import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFile, runNode } from '@sluice/testkit';
import { afterAll, describe, expect, it } from 'vitest';

const main = programFile('sluice');
const directory = mkdtempSync(join(tmpdir(), 'sluice-blobl-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('sluice blobl', () => {
  it.concurrent('runs a mapping over the lines of standard input', async () => {
    expect(await sluice(['root.b = this.a'], '{"a":1}\n{"a":2}\n')).toEqual({ status: 0, stdout: '{"b":1}\n{"b":2}\n', stderr: '' });
  });

  it.concurrent('reads mapping and lines from files, imports relative to the mapping', async () => {
    write('maps.blobl', 'map double { root = this * 2 }');
    const mapping = write('mapping.blobl', 'import "./maps.blobl"\nroot.b = this.a.apply("double")');
    const input = write('input.jsonl', '{"a":1}\n{"a":2}');
    expect(await sluice(['-f', mapping, '-i', input])).toEqual({ status: 0, stdout: '{"b":2}\n{"b":4}\n', stderr: '' });
  });

  it.concurrent('shows where a mapping does not parse, and fails', async () => {
    expect(await sluice(['root = this.a +'], '{}')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^failed to parse mapping: line 1 char 16: .*\n {2}\|\n1 \| root = this\.a \+\n {2}\| {16}\^---\n$/),
    });
  });

  it.concurrent('goes on after a line that fails, and says so in the exit code only if asked to', async () => {
    const failed = { stdout: 'X\n', stderr: expect.stringContaining('line 1: failed to execute map') };
    expect(await sluice(['root = this.a.uppercase()'], '{"a":1}\n{"a":"x"}')).toEqual({ ...failed, status: 0 });
    expect(await sluice(['--exit-status', 'root = this.a.uppercase()'], '{"a":1}\n{"a":"x"}')).toEqual({ ...failed, status: 1 });
  });

  it.concurrent('wants a mapping, one only, and files that are there', async () => {
    expect(await sluice([], '{}')).toMatchObject({ status: 2, stderr: expect.stringContaining('expected a mapping') });
    expect(await sluice(['-f', 'x', 'root = 1'], '{}')).toMatchObject({ status: 2, stderr: expect.stringContaining('not both') });
    expect(await sluice(['-i', join(directory, 'absent'), 'root = 1'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
  });

  it.concurrent('tells of functions and methods, and of names like one that is none', async () => {
    expect(await sluice(['list', 'uppercase'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('.uppercase()   [String Manipulation]'),
    });
    expect(await sluice(['list', 'upercase'])).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean .uppercase()') });
  });
});

function write(name: string, content: string): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

async function sluice(args: string[], input = '') {
  const { code: status, stdout, stderr } = await runNode([main, 'blobl', ...args], { input });
  return { status, stdout, stderr };
}
