import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rig } from '@sluice/egress/testing';
import { NodeProcess, programFile } from '@sluice/testkit';

/** Runs the command with these files as its configuration. */
export async function command(rig: Rig, files: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-egress-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const configs = Object.keys(files).flatMap((name) => ['--config', join(folder, name)]);
  const child = new NodeProcess({
    name: 'egress-worker',
    script: programFile('egress-worker'),
    args: [...configs, '--redis-url', rig.redis.url, '--operations-port', '0', ...flags],
    // A module.yaml takes HTTPS endpoints only; the SDK's own variable is the way to an emulator.
    env: { AWS_ENDPOINT_URL_KINESIS: rig.emulator.endpoint },
  });
  return {
    log: () => child.log,
    exitCode: child.exited,
    stop: () => child.stop(),
    async [Symbol.asyncDispose]() {
      await child.kill();
      await rm(folder, { recursive: true });
    },
  };
}
