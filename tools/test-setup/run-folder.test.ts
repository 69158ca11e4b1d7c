import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { removeFoldersOfTheDead } from './run-folder.ts';

it('gives each run a temporary folder of its own', () => {
  expect(basename(tmpdir())).toMatch(/^sluice-tests-\d+-/);
});

it('removes what runs left behind whose process is gone, and nothing else', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'runs-'));
  const { pid: gone } = spawnSync(process.execPath, ['--eval', '']);
  const alive = `sluice-tests-${process.pid}-abc`;
  await mkdir(join(parent, `sluice-tests-${gone}-abc`, 'redis'), { recursive: true });
  for (const name of [alive, 'sluice-up-abc']) await mkdir(join(parent, name));

  await removeFoldersOfTheDead(parent);

  expect((await readdir(parent)).sort()).toEqual([alive, 'sluice-up-abc'].sort());
  await rm(parent, { recursive: true });
});
