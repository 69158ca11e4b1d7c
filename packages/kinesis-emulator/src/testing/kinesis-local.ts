import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, spawnChild } from '@sluice/testkit';

const START_TIMEOUT_MS = 120_000;

/** Each change of a stream's state takes half a second unless told otherwise. */
const STATE_CHANGES = ['CREATE_STREAM', 'DELETE_STREAM', 'SPLIT_SHARD', 'MERGE_SHARDS', 'UPDATE_SHARD_COUNT', 'UPDATE_STREAM_MODE'];

/** kinesis-local, an independent implementation, in a process of its own. Rejects when it does not start. */
export async function startKinesisLocal(): Promise<{ readonly endpoint: string } & AsyncDisposable> {
  const main = fileURLToPath(import.meta.resolve('kinesis-local'));
  const directory = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const child = spawnChild(process.execPath, [main], {
    cwd: directory,
    stdio: 'ignore',
    env: {
      ...process.env,
      // Without it the certificate is looked for in the working directory, and the process dies.
      KINESIS_MOCK_CERT_PATH: join(dirname(main), 'server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(plainPort),
      KINESIS_MOCK_TLS_PORT: String(tlsPort),
      SHARD_LIMIT: '1000',
      ...Object.fromEntries(STATE_CHANGES.map((change) => [`${change}_DURATION`, '1ms'])),
    },
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${plainPort}`;
  if (!(await isAnswering(child, endpoint))) {
    await stop();
    throw new Error(`kinesis-local did not answer at ${endpoint} (exit code ${child.exitCode})`);
  }
  return { endpoint, [Symbol.asyncDispose]: stop };
}

async function isAnswering(child: ChildProcess, endpoint: string): Promise<boolean> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    const isUp = await fetch(`${endpoint}/healthcheck`).then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await delay(50);
  }
  return false;
}
