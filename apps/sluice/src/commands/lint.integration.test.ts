import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programFile, spawnChild } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

// Each command is a process of its own, several in some tests.
const MAIN = programFile('sluice');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lint-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('sluice lint', () => {
  it('ends with 0 where there is no error, warnings or not', async () => {
    await writeFile(join(folder, 'a.yaml'), 'sluice:\n  egresses: {a/b: {lanes: 1}}\n');
    await expect(runSluice(['lint', './...'], { cwd: folder })).resolves.toEqual({
      code: 0,
      stdout: 'a.yaml(2,14) warning: no egress is called `a/b`\n1 file checked: no errors, 1 warning\n',
      stderr: '',
    });
  });

  it('answers any bad input with a place, quickly, and ends with 1', async () => {
    const files: Readonly<Record<string, string | Uint8Array>> = {
      'binary.yaml': Buffer.from([0x6f, 0x75, 0x74, 0xff, 0xfe]),
      'huge.yaml': 'a'.repeat(10_000_000),
      'deep.yaml': `output: ${'['.repeat(100_000)}`,
      'explodes.yaml': `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]\n`).join('')}output: *a12`,
      'twice.yaml': 'sluice:\n  lanes: 1\n  lanes: 2\n',
      'empty.yaml': '',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await mkdir(join(folder, 'directory'));

    const { code, stdout, stderr } = await runSluice(['lint', ...Object.keys(files), 'directory', 'missing.yaml'], { cwd: folder });

    expect({ code, stderr, lines: stdout.split('\n').map((line) => line.slice(0, 60)) }).toEqual({
      code: 1,
      stderr: '',
      lines: [
        'binary.yaml(1,4) is not UTF-8 from here on; save the file as',
        'huge.yaml: is 9.5 MiB; a configuration file may hold at most',
        'deep.yaml(1,208) is nested more than 200 levels deep',
        expect.stringMatching(/^explodes\.yaml\(6,\d+\) /),
        'empty.yaml(1,1) says nothing: expected a configuration, got ',
        'directory: is a directory; name the configuration files in i',
        'missing.yaml: cannot be read: no such file; check its name, ',
        'twice.yaml(3,3) warning: field `lanes` was already set at li',
        '8 files checked: 7 errors, 1 warning',
        '',
      ],
    });
  });

  it('reads environment files, and writes JSON where that is asked for', async () => {
    await writeFile(join(folder, 'a.yaml'), 'sluice: {lanes: ${LANES}}\n');
    await writeFile(join(folder, 'good.env'), 'LANES=8\n');
    await writeFile(join(folder, 'bad.env'), 'LANES\n');
    const withEnv = (file: string) => runSluice(['lint', '--format', 'json', '-e', file, 'a.yaml'], { cwd: folder });

    const [good, bad] = [await withEnv('good.env'), await withEnv('bad.env')];

    expect([good.code, JSON.parse(good.stdout)]).toEqual([0, { files: 1, errors: 0, warnings: 0, problems: [] }]);
    expect([bad.code, JSON.parse(bad.stdout).problems.map(({ code }: { code: string }) => code)]).toEqual([
      1,
      expect.arrayContaining(['env-file.syntax', 'env.missing']),
    ]);
  });

  it('ends quietly when its reader has enough', async () => {
    await writeFile(join(folder, 'a.yaml'), `sluice:\n${Array.from({ length: 5_000 }, (_, index) => `  nonsense_${index}: 1\n`).join('')}`);
    const child = spawnChild(process.execPath, [MAIN, 'lint', 'a.yaml'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout!.once('data', () => child.stdout!.destroy());
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr!)]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it.each([
    [['lint'], "error: missing required argument 'paths'"],
    [['lint', '--format', 'xml', 'a.yaml'], "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json."],
    [['lint', '--nonsense', 'a.yaml'], "error: unknown option '--nonsense'"],
  ])('says what is wrong with %j', async (args, message) => {
    const hint = '(sluice lint --help shows how it is used)';
    await expect(runSluice(args)).resolves.toEqual({ code: 2, stdout: '', stderr: `${message}\n${hint}\n` });
  });
});
