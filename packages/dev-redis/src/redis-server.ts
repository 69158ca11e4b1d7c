import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisNotFoundError, RedisNotStartedError } from './errors.ts';
import { findRedisBinary, installRedisBinary } from './find-binary.ts';

export interface RedisServerOptions {
  /** A free port where absent. */
  readonly port?: number;
  /** Where the append-only file lives. A temporary folder, removed at the end, where absent. */
  readonly directory?: string;
  /** `true` (the default) keeps an append-only file, flushed to disk every second. */
  readonly appendOnly?: boolean;
  /** Further `redis-server` arguments, such as `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly extraArguments?: readonly string[];
}

/** A `redis-server` process of our own on 127.0.0.1. Disposing ends it. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  readonly pid: number;
  /** Ends the process: `SIGTERM` lets Redis write its files, `SIGKILL` is a crash. The directory stays, so that a new server can go on from it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;

/**
 * Starts a Redis of our own, installing it first where that is possible.
 * @throws {RedisNotFoundError} no binary is on the PATH and none can be installed
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = (await findRedisBinary()) ?? (await installRedisBinary());
  if (!binary) throw new RedisNotFoundError();
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sluice-redis-')));
  const child = spawn(binary, argumentsFor({ ...options, port, directory }), { stdio: 'ignore' });
  const exited = once(child, 'exit').catch(() => undefined);
  await untilListening(child, port);
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    directory,
    pid: child.pid!,
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

async function untilListening(child: ChildProcess, port: number): Promise<void> {
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
