import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkerRole } from '@sluice/config';
import { sleep, systemClock } from '@sluice/core';
import { freePort, NodeProcess, openDevRedis, type ProgramName, programFile } from '@sluice/testkit';
import { ProcessEndedError } from './errors.ts';

export interface PlaygroundOptions {
  /** Flags that give the workers and the board their configuration. */
  readonly configArguments: readonly string[];
  /** Started in this order. */
  readonly workers: readonly WorkerRole[];
  /** For the workers, beside what points them at Redis and Kinesis. */
  readonly env?: Readonly<Record<string, string>>;
  /** Created with so many shards each. */
  readonly streams: readonly string[];
  readonly shards: number;
  /** Plays every kind of fault of Kinesis, each now and then. */
  readonly chaos: boolean;
  /** Redis' files and the logs go here. */
  readonly directory: string;
  readonly boardPort: number;
  /** Hears of each step, for a person to read. */
  readonly onStep: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Redis, Kinesis, the workers and the board, each in a process of its own. Disposing ends them, last started first. */
export interface Playground extends AsyncDisposable {
  readonly redisUrl: string;
  readonly endpoint: string;
  readonly boardUrl: string;
  readonly keyPrefix: string;
  readonly logs: string;
  /** Points a process at this Redis and this Kinesis. */
  readonly env: Readonly<Record<string, string>>;
  /** Settles when a process ends that should not; never resolves otherwise. */
  readonly failed: Promise<never>;
  /** Asks the workers to finish what they have in hand. */
  stopWorkers(): Promise<void>;
}

const LOOK_MS = 100;
const SAY_AGAIN_MS = 10_000;

/** Starts everything and resolves once all workers are ready: they have their leases, and move what comes. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  await using stack = new AsyncDisposableStack();
  const logs = join(options.directory, 'logs');
  const redisDirectory = join(options.directory, 'redis');
  await Promise.all([logs, redisDirectory].map((folder) => mkdir(folder, { recursive: true })));
  const { onStep, configArguments } = options;

  onStep('starting redis');
  const redis = stack.use(await openDevRedis(process.env, { directory: redisDirectory, onNotice: onStep }));
  // A fresh prefix: a worker left over from an earlier run must not take part in this one.
  const keyPrefix = `sluice-up-${Date.now().toString(36)}`;
  const start = (name: string, program: ProgramName, args: readonly string[], env: Record<string, string> = {}) => {
    onStep(`starting ${name}`);
    const process = new NodeProcess({ name, script: programFile(program), args, env, logFile: join(logs, `${name}.log`) });
    stack.defer(async () => void (await process.stop(10_000)));
    return process;
  };

  const kinesis = start('kinesis', 'kinesis-emulator', [
    ...['--port', '0', ...(options.chaos ? ['--chaos'] : [])],
    ...options.streams.flatMap((stream) => ['--stream', `${stream}:${options.shards}`]),
  ]);
  const endpoint = await addressOf(kinesis);

  const env = { ...environmentFor(endpoint, redis.url, keyPrefix), ...options.env };
  const boardPort = await freePort(options.boardPort);
  // Nothing in it is secret.
  const board = start('board', 'board', [...configArguments, '--port', String(boardPort)], {
    ...env,
    SLUICE_BOARD_PAYLOADS: 'true',
  });
  const workers: { readonly process: NodeProcess; readonly port: number }[] = [];
  for (const name of options.workers) {
    const port = await freePort();
    const args = [...configArguments, '--operations-port', String(port)];
    workers.push({ process: start(name, name, args, env), port });
  }
  const failed = firstUnexpectedEnd([kinesis, board, ...workers.map(({ process }) => process)]);
  const waiting = Promise.all(workers.map(({ process, port }) => untilReady(process.name, urlOf(port), options)));
  await Promise.race([waiting, failed]);

  const cleanup = stack.move();
  return {
    redisUrl: redis.url,
    endpoint,
    keyPrefix,
    logs,
    env,
    boardUrl: `${urlOf(boardPort)}/`,
    failed,
    stopWorkers: async () => {
      await Promise.all(workers.map(({ process }) => process.stop(10_000)));
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
async function addressOf(kinesis: NodeProcess): Promise<string> {
  const line = await kinesis.nextLine();
  const endpoint = line && /https?:\/\/\S+/.exec(line)?.[0];
  if (!endpoint) throw new ProcessEndedError(kinesis);
  return endpoint;
}

async function untilReady(name: string, url: string, { onStep, signal }: PlaygroundOptions): Promise<void> {
  const startedAtMs = systemClock.monotonic();
  let sayAtMs = startedAtMs + SAY_AGAIN_MS;
  while (!(await isReady(url))) {
    if (systemClock.monotonic() >= sayAtMs) {
      onStep(`waiting for ${name}, ${Math.round((sayAtMs - startedAtMs) / 1_000)} s so far`);
      sayAtMs += SAY_AGAIN_MS;
    }
    await sleep(systemClock, LOOK_MS, signal);
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

function firstUnexpectedEnd(processes: readonly NodeProcess[]): Promise<never> {
  const failed = Promise.race(processes.map(unexpectedEnd));
  failed.catch(() => undefined);
  return failed;
}

/** Rejects when the process ends though nobody asked it to; never resolves. */
export async function unexpectedEnd(process: NodeProcess): Promise<never> {
  await process.exited;
  if (process.isStopping) return new Promise<never>(() => undefined);
  throw new ProcessEndedError(process);
}
