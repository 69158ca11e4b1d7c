import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rig } from '@sluice/egress/testing';

/** Runs the command with these files as its configuration. */
export async function command(rig: Rig, files: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-egress-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const configs = Object.keys(files).flatMap((name) => ['--config', join(folder, name)]);
  const argv = [main, ...configs, '--redis-url', rig.redis.url, '--operations-port', '0', ...flags];
  // A module.yaml takes HTTPS endpoints only; the SDK's own variable is the way to an emulator.
  const env = { ...process.env, AWS_ENDPOINT_URL_KINESIS: rig.emulator.endpoint };
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  return {
    log: () => log,
    exitCode: exited.then(([code]) => code),
    stop: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
