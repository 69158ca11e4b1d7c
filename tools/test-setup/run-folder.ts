/**
 * Runs once around all tests: gives the run a temporary folder of its own, for all its processes. It is removed at the end of the run, or,
 * where the run was killed, at the start of the next one.
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'sluice-tests-';

export default async function giveRunAFolder(): Promise<() => Promise<void>> {
  const { TMPDIR } = process.env;
  const parent = tmpdir();
  await removeFoldersOfTheDead(parent);
  const folder = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  // Tests start processes as other users, which may pass through it and see nothing else of it.
  await chmod(folder, 0o711);
  // Workers of the test runner and the processes that tests start take it over with the environment.
  process.env['TMPDIR'] = folder;
  return async () => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    // A process that a test left behind may still write; the next run finds what it leaves.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  };
}

/** Removes the folders of runs whose process is gone. */
export async function removeFoldersOfTheDead(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid] = name.match(/^sluice-tests-(\d+)-/) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
