import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { openDevRedis, WorkerProcess } from '@sluice/testkit';
import { ProcessEndedError } from './errors.ts';

export interface PlaygroundOptions {
  readonly configFiles: readonly string[];
  /** Created with so many shards each. */
  readonly streams: readonly string[];
  readonly shards: number;
  /** Logs and Redis' files go here. */
  readonly directory: string;
  readonly boardPort: number;
}

/** Redis, Kinesis, both workers and the board, each in a process of its own. Disposing ends them, last started first. */
export interface Playground extends AsyncDisposable {
  readonly redisUrl: string;
  readonly endpoint: string;
  readonly boardUrl: string;
  /** Where each worker serves its metrics. */
  readonly operations: Readonly<Record<'ingress-worker' | 'egress-worker', string>>;
  readonly keyPrefix: string;
  /** Settles when a process ends that should not; never resolves otherwise. */
  readonly failed: Promise<never>;
  /** Asks both workers to finish what they have in hand. */
  stopWorkers(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../../../..');
/** What `examples/pipeline` expects, so that a worker started by hand joins in. */
const USUAL_PORTS = { redis: 6380, kinesis: 4567 };

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  await using stack = new AsyncDisposableStack();
  const logs = join(options.directory, 'logs');
  await mkdir(logs, { recursive: true });

  const redis = stack.use(await openDevRedis(process.env, { port: await freePort(USUAL_PORTS.redis) }));
  const keyPrefix = process.env['REDIS_URL'] ? `sluice-up-${Date.now().toString(36)}` : 'sluice';
  const start = (name: string, script: string, args: readonly string[], env: Record<string, string> = {}) => {
    const process = new WorkerProcess({ name, script: join(ROOT, script), args, env, logFile: join(logs, `${name}.log`) });
    stack.defer(() => process.stop());
    return process;
  };

  const kinesis = start('kinesis', 'packages/kinesis-emulator/src/main.ts', [
    ...['--port', String(await freePort(USUAL_PORTS.kinesis))],
    ...options.streams.flatMap((stream) => ['--stream', `${stream}:${options.shards}`]),
  ]);
  const endpoint = await addressOf(kinesis);

  const env = environmentFor(endpoint, redis.url, keyPrefix);
  const configArgs = options.configFiles.flatMap((file) => ['--config', file]);
  const ports = { 'ingress-worker': await freePort(), 'egress-worker': await freePort(), board: await freePort(options.boardPort) };
  const worker = (name: 'ingress-worker' | 'egress-worker') =>
    start(name, `apps/${name}/src/main.ts`, [...configArgs, '--operations-port', String(ports[name])], env);
  const board = start('board', 'apps/board/src/main.ts', [...configArgs, '--port', String(ports.board)], env);
  const workers = [worker('egress-worker'), worker('ingress-worker')];

  const cleanup = stack.move();
  return {
    redisUrl: redis.url,
    endpoint,
    keyPrefix,
    boardUrl: `http://127.0.0.1:${ports.board}/`,
    operations: { 'ingress-worker': urlOf(ports['ingress-worker']), 'egress-worker': urlOf(ports['egress-worker']) },
    failed: firstUnexpectedEnd([kinesis, board, ...workers]),
    stopWorkers: async () => {
      await Promise.all(workers.map((process) => process.stop()));
    },
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

const environmentFor = (endpoint: string, redisUrl: string, keyPrefix: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_KINESIS: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  SLUICE_REDIS_URL: redisUrl,
  SLUICE_REDIS_PREFIX: keyPrefix,
});

/** The emulator's first line of output ends with its address. */
async function addressOf(kinesis: WorkerProcess): Promise<string> {
  const line = await kinesis.nextLine();
  const endpoint = line && /https?:\/\/\S+/.exec(line)?.[0];
  if (!endpoint) throw new ProcessEndedError(kinesis);
  return endpoint;
}

function firstUnexpectedEnd(processes: readonly WorkerProcess[]): Promise<never> {
  const failed = Promise.race(
    processes.map(async (process): Promise<never> => {
      await process.exited;
      if (process.isStopping) return new Promise<never>(() => undefined);
      throw new ProcessEndedError(process);
    }),
  );
  failed.catch(() => undefined);
  return failed;
}

/** `wanted` if nobody listens there, else any free port. */
async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return freePort();
  } finally {
    server.close();
  }
}
