import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of one run. It goes with the process, unless an error message sends its reader to the logs in it. */
export async function createFolder() {
  const path = await mkdtemp(join(tmpdir(), 'sluice-up-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  // A second Ctrl-C ends the process at once.
  process.once('exit', remove);
  return {
    path,
    /** Keeps the folder and throws the error on; an interruption needs no logs. */
    keepFor(error: unknown, signal: AbortSignal): never {
      if (error !== signal.reason) process.off('exit', remove);
      throw error;
    },
  };
}
