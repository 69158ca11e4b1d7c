import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../wait/until.ts';
import { NodeProcess } from './node-process.ts';
import { runNode } from './run-node.ts';
import { spawnChild } from './spawn-child.ts';

const TESTKIT = new URL('../index.ts', import.meta.url);

/** Starts a child, a child that is stopped, and a Redis; prints their process ids and runs on. */
const STARTS_THREE = `
const { spawnChild, startRedisServer } = await import('${TESTKIT}');
const { createConnection } = await import('node:net');
const idle = () => spawnChild('sleep', ['1000'], { stdio: 'ignore' });
const [running, stopped, ended] = [idle(), idle(), idle()];
ended.kill();
stopped.kill('SIGSTOP');
const { port } = await startRedisServer();
const redis = await new Promise((resolve) => {
  const socket = createConnection(port, '127.0.0.1', () => socket.write('INFO server\\r\\n'));
  socket.once('data', (data) => resolve(Number(/process_id:(\\d+)/.exec(data.toString())[1])));
});
console.log(JSON.stringify([running.pid, stopped.pid, redis]));
`;

it('ends what a process has started when that process is killed, stopped children and Redis included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-testkit-watchdog-'));
  const script = join(folder, 'starts-three.mjs');
  await writeFile(script, STARTS_THREE);
  await using parent = new NodeProcess({ script });
  const pids = JSON.parse((await parent.nextLine())!) as number[];
  expect(pids.map(isAlive)).toEqual([true, true, true]);

  await parent.kill();

  await until('its children to end', () => pids.every((pid) => !isAlive(pid)));
  await rm(folder, { recursive: true });
});

it('keeps no process alive that has nothing else to do', async () => {
  const code = `const { spawnChild } = await import('${TESTKIT}'); spawnChild('sleep', ['1000'], { stdio: 'ignore' }).unref();`;
  await expect(runNode(['--input-type=module', '--eval', code])).resolves.toEqual({ code: 0, stdout: '', stderr: '' });
});

it('leaves alone what has ended', async () => {
  const child = spawnChild('true', []);
  await expect(once(child, 'exit')).resolves.toEqual([0, null]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
