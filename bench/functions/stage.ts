/** The processes of a benchmark of functions: Redis, the emulator without quotas, a function server, and workers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { freePort, NodeProcess, startRedisServer } from '@sluice/testkit';
import { counterIn, until } from '../pipeline/observe.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export type WorkerName = 'ingress-worker' | 'function-worker' | 'egress-worker';

export interface StageOptions {
  /** Function types, each in the namespace `bench` and with a stream of its own, `in-TYPE`. */
  readonly types: readonly string[];
  readonly workers: readonly WorkerName[];
  /** Milliseconds that a function takes. */
  readonly delays?: Readonly<Record<string, number>>;
  /** What stands under `sluice:`. */
  readonly settings?: object;
}

export interface FunctionsStage extends AsyncDisposable {
  readonly session: RedisSession;
  readonly endpoint: string;
  /** Of the function server. */
  readonly url: string;
  readonly worker: NodeProcess;
}

export async function setStage({ types, workers, delays = {}, settings = {} }: StageOptions): Promise<FunctionsStage> {
  const stack = new AsyncDisposableStack();
  try {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const redis = stack.use(await startRedisServer());
    const session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
    const start = (script: string, args: readonly string[], env: Record<string, string> = {}) => {
      const process = new NodeProcess({
        name: script,
        script: join(ROOT, script),
        args,
        env,
        logFile: join(directory, `${script.replaceAll('/', '-')}.log`),
      });
      stack.defer(async () => void (await process.stop(2_000)));
      return process;
    };
    const streams = [...types.map((type) => `in-${type}:2`), 'out:4'].flatMap((stream) => ['--stream', stream]);
    const kinesis = start('packages/kinesis-emulator/src/main.ts', ['--port', '0', '--no-quotas', '--memory-cap-mib', '4096', ...streams]);
    const endpoint = /https?:\/\/\S+/.exec((await kinesis.nextLine()) ?? '')![0];
    const server = start(
      'bench/functions/function-server.main.ts',
      Object.entries(delays).flatMap(([name, ms]) => ['--delay', `${name}:${ms}`]),
    );
    const url = (await server.nextLine())!;

    await writeFile(join(directory, 'module.yaml'), moduleFor(types, url));
    await writeFile(join(directory, 'sluice.yaml'), `sluice: ${JSON.stringify(settings)}\n`);
    const env = {
      AWS_ENDPOINT_URL_KINESIS: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      SLUICE_REDIS_URL: redis.url,
    };
    const files = ['module.yaml', 'sluice.yaml'].flatMap((file) => ['--config', join(directory, file)]);
    const started = new Map<WorkerName, NodeProcess>();
    for (const name of workers) {
      const port = await freePort();
      started.set(name, start(`apps/${name}/src/main.ts`, [...files, '--operations-port', String(port)], env));
      const isReady = async () => (await counterIn(`http://127.0.0.1:${port}/metrics`, 'sluice_ready')) === 1;
      await until(`the ${name} is ready`, isReady);
    }
    const worker = started.get('function-worker')!;
    return { session, endpoint, url, worker, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function moduleFor(types: readonly string[], url: string): string {
  const routes = types.map((type) => `{ stream: in-${type}, valueType: bench/message, targets: [bench/${type}] }`);
  return `
kind: io.statefun.kinesis.v1/ingress
spec: { id: bench/in, startupPosition: { type: earliest }, streams: [${routes.join(', ')}] }
---
kind: io.statefun.endpoints.v2/http
spec: { functions: bench/*, urlPathTemplate: "${url}/{function.name}" }
---
kind: io.statefun.kinesis.v1/egress
spec: { id: bench/out }
`;
}
