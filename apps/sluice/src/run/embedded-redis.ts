import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Redis that lasts as long as one `sluice run`, and keeps nothing. Disposing ends it. */
export interface EmbeddedRedis extends AsyncDisposable {
  readonly url: string;
  /** Resolves when it ends, for whatever reason. */
  readonly ended: Promise<unknown>;
}

const PROGRAMS = ['redis-server', 'valkey-server'];
const MAIN = import.meta.resolve('#embedded-redis');

/** Starts the first of the programs that is on the PATH, on a free port of 127.0.0.1; `undefined` where none is. It may not serve yet. */
export async function startEmbeddedRedis(path = process.env['PATH'] ?? ''): Promise<EmbeddedRedis | undefined> {
  const program = await findProgram(path);
  if (program === undefined) return undefined;
  const [port, directory] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'sluice-run-redis-'))]);
  const child = start(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...WITHOUT_FILES]);
  const ended = once(child, 'exit');
  return {
    url: `redis://127.0.0.1:${port}`,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const WITHOUT_FILES = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];

/** In a process group of its own: Ctrl-C is for this process, whose workers need Redis until they have ended. */
const start = (program: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(MAIN), program, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true });

async function findProgram(path: string): Promise<string | undefined> {
  for (const file of path.split(delimiter).flatMap((folder) => (folder === '' ? [] : PROGRAMS.map((program) => join(folder, program)))))
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const PATIENCE_MS = 2_000;

/** Whether something listens at the address of a URL. */
export function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port) || 6379, hostname);
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.setTimeout(PATIENCE_MS, () => answer(false));
  });
}
