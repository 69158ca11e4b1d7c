import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../network/free-port.ts';
import { spawnChild } from '../process/spawn-child.ts';
import { RedisNotStartedError } from './errors.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';

/** A busy machine needs seconds to start a process. */
const START_TIMEOUT_MS = 60_000;

/** Another process may take a port between the look at it and its use. */
const ATTEMPTS = 3;

/** Starts `binary` on 127.0.0.1 and waits until it serves. */
export async function spawnRedis(binary: string, options: RedisServerOptions): Promise<RedisServer> {
  if (options.port !== undefined) return spawnAt(options.port, binary, options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await spawnAt(await freePort(), binary, options);
    } catch (error) {
      if (!(error instanceof RedisNotStartedError) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function spawnAt(port: number, binary: string, options: RedisServerOptions): Promise<RedisServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sluice-redis-')));
  const child = spawnChild(binary, argumentsFor({ ...options, port, directory }), { stdio: 'ignore' });
  const exited = once(child, 'exit').catch(() => undefined);
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
