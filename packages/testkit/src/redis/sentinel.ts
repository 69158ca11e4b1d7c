import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../network/free-port.ts';
import { spawnChild } from '../process/spawn-child.ts';

/** A sentinel that watches the master `main` at a port of this machine, and promotes its replica some time after it fell silent. */
export async function startSentinel(
  binary: string,
  masterPort: number,
  { patienceMs = 1_000 } = {},
): Promise<{ readonly port: number } & AsyncDisposable> {
  const port = await freePort();
  const file = join(tmpdir(), `sluice-sentinel-${port}.conf`);
  const facts = [`monitor main 127.0.0.1 ${masterPort} 1`, `down-after-milliseconds main ${patienceMs}`, 'failover-timeout main 5000'];
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', ...facts.map((fact) => `sentinel ${fact}`), ''].join('\n'));
  const child = spawnChild(binary, [file, '--sentinel'], { stdio: 'ignore' });
  return {
    port,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await rm(file, { force: true });
    },
  };
}
