import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readValues } from '@sluice/functions';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { laneOf, readDelayed, readLaneCounts } from '@sluice/queue';
import { freePort, NodeProcess } from '@sluice/testkit';
import { onTestFailed } from 'vitest';
import { type KinesisProcess, startKinesisProcess } from './kinesis-process.ts';
import { RedisHost } from './redis-host.ts';
import { type App, Worker } from './worker.ts';

export const VISITS = 'visits';
export const GREETINGS = 'greetings';
const LANES = 8;

/** Redis, Kinesis, a function server and workers, each in a process of its own: visits ▶ greeter ▶ greetings, and greeter ▶ mirror. */
export class FunctionsPipeline implements AsyncDisposable {
  readonly redis: RedisHost;
  readonly kinesis: KinesisProcess;
  readonly client: KinesisClient;
  readonly #directory: string;
  readonly #port: number;
  readonly #workers: Worker[] = [];
  #greeter: NodeProcess;

  private constructor(parts: Pick<FunctionsPipeline, 'redis' | 'kinesis' | 'client'>, directory: string, port: number) {
    this.redis = parts.redis;
    this.kinesis = parts.kinesis;
    this.client = parts.client;
    this.#directory = directory;
    this.#port = port;
    this.#greeter = this.#startGreeter();
  }

  static async start(): Promise<FunctionsPipeline> {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    const redisDirectory = join(directory, 'redis');
    await mkdir(redisDirectory);
    const port = await freePort();
    await writeConfig(directory, port);
    const [redis, kinesis] = await Promise.all([
      RedisHost.start(redisDirectory),
      startKinesisProcess({ streams: { [VISITS]: 2, [GREETINGS]: 2 }, directory }),
    ]);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
    const client = createKinesisClient({ region: 'us-east-1', endpoint: kinesis.endpoint, credentials });
    const pipeline = new FunctionsPipeline({ redis, kinesis, client }, directory, port);
    onTestFailed(() => {
      for (const worker of pipeline.#workers) process.stderr.write(`\n${worker.id}\n  ${worker.lastLines.join('\n  ')}\n`);
    });
    return pipeline;
  }

  /** A worker that was started and is ready. */
  async startWorker(app: App, name: string, ownEnv: Readonly<Record<string, string>> = {}): Promise<Worker> {
    const env = {
      AWS_ENDPOINT_URL_KINESIS: this.kinesis.endpoint,
      AWS_REGION: 'us-east-1',
      SLUICE_REDIS_URL: this.redis.url,
      ...ownEnv,
    };
    const args = ['module.yaml', 'sluice.yaml'].flatMap((file) => ['--config', join(this.#directory, file)]);
    const worker = new Worker({ app, name, args, env, directory: this.#directory });
    this.#workers.push(worker);
    worker.start();
    await worker.ready();
    return worker;
  }

  /** The function server dies, and comes back on its port. */
  async restartGreeter(): Promise<void> {
    await this.#greeter.kill();
    this.#greeter = this.#startGreeter();
  }

  /** The counter of an address of `ex/TYPE`. */
  async count(type: string, id: string): Promise<number> {
    const { session } = this.redis;
    const address = { keyPrefix: 'sluice', target: `ex/${type}`, lane: laneOf(id, LANES), id };
    const [values] = await readValues(session, session.epoch, [address]);
    const value = values!.values.get('count')?.value;
    return value ? Number(Buffer.from(value).toString()) : 0;
  }

  /** Messages and records that wait anywhere, delayed ones included. */
  async waiting(): Promise<number> {
    const { session } = this.redis;
    const counts = await Promise.all(
      ['ex/greeter', 'ex/mirror', 'ex/out'].map((target) => readLaneCounts(session, { keyPrefix: 'sluice', target })),
    );
    const { count } = await readDelayed(session, { keyPrefix: 'sluice' });
    return counts.flat().reduce((sum, { records }) => sum + records, count);
  }

  #startGreeter(): NodeProcess {
    return new NodeProcess({
      name: 'greeter',
      script: join(import.meta.dirname, 'greeter.main.ts'),
      args: [String(this.#port)],
      logFile: join(this.#directory, 'greeter.log'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
    await this.#greeter.kill();
    this.client[Symbol.dispose]();
    await Promise.all([this.kinesis[Symbol.asyncDispose](), this.redis[Symbol.asyncDispose]()]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function writeConfig(directory: string, port: number): Promise<void> {
  await writeFile(
    join(directory, 'module.yaml'),
    `
kind: io.statefun.kinesis.v1/ingress
spec:
  id: ex/in
  startupPosition: { type: earliest }
  streams: [{ stream: ${VISITS}, valueType: ex/text, targets: [ex/greeter] }]
---
kind: io.statefun.endpoints.v2/http
spec:
  functions: ex/*
  urlPathTemplate: http://127.0.0.1:${port}/{function.name}
  transport: { call: 2s }
---
kind: io.statefun.kinesis.v1/egress
spec: { id: ex/out }
`,
  );
  await writeFile(join(directory, 'sluice.yaml'), `sluice: { lanes: ${LANES}, lease: { ttl: 2s, renew: 400ms } }\n`);
}
