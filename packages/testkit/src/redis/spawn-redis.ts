import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisNotStartedError } from './errors.ts';
import type { RedisServer, RedisServerOptions } from './start-redis-server.ts';

const START_TIMEOUT_MS = 10_000;

/** Starts `binary` on 127.0.0.1 and waits until it serves. */
export async function spawnRedis(binary: string, options: RedisServerOptions): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sluice-redis-')));
  const child = spawn(binary, argumentsFor({ ...options, port, directory }), { stdio: 'ignore', detached: true });
  const exited = once(child, 'exit').catch(() => undefined);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  await untilServing(child, port);
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    directory,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL');
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

const argumentsFor = ({ port, directory, appendOnly = true, extraArguments = [] }: RedisServerOptions): string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', String(directory), '--save', '', '--daemonize', 'no'],
  ...['--appendonly', appendOnly ? 'yes' : 'no', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
  ...extraArguments,
];

async function untilServing(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break;
    if (await isServing(child, port)) return;
    await delay(10);
  }
  child.kill('SIGKILL');
  throw new RedisNotStartedError(port, child.exitCode);
}

/** Asks who serves the port: another Redis may hold it, and ours refuses commands until its files are read. */
function isServing(child: ChildProcess, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('INFO\r\n'));
    const answer = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('data', (data) => answer(data.toString().includes(`process_id:${child.pid}\r`) && !data.toString().includes('loading:1')));
    socket.once('error', () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
