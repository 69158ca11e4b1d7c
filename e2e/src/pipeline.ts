import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import type { RequestObservation } from '@sluice/kinesis-emulator';
import {
  type DeadLetter,
  getDeadLetter,
  type LaneCounts,
  type LaneJobData,
  listDeadLetters,
  listLanes,
  readLaneCounts,
} from '@sluice/queue';
import { until } from '@sluice/testkit';
import { DeliveryCheck, type DeliveryReport, readBack, type SeenRecord } from '@sluice/testkit/delivery';
import { Queue } from 'bullmq';
import { onTestFailed } from 'vitest';
import { type KinesisProcess, startKinesisProcess } from './kinesis-process.ts';
import { RedisHost } from './redis-host.ts';
import { type App, Worker } from './worker.ts';

export const SOURCE = 'source';
export const OUTPUT = 'output';
/** What the lanes lead to. */
const TARGET = 'output/arrivals';

export interface PipelineOptions {
  /** Of the source. @default 4 */
  readonly shards?: number;
  /** Of the destination. @default 2 */
  readonly outputShards?: number;
  /** The service's quotas a shard. @default false */
  readonly quotas?: boolean;
  /** @default 'strict' */
  readonly ordering?: 'strict' | 'shard';
  /** Consumer with which the source is read by enhanced fan-out. @default it is polled */
  readonly consumer?: string;
  /** How long a lease lasts, and how often it is renewed; the worker's own defaults where absent. */
  readonly lease?: { readonly ttl: string; readonly renew: string };
}

/** Redis, Kinesis and workers, each in a process of its own. */
export class Pipeline implements AsyncDisposable {
  readonly redis: RedisHost;
  readonly kinesis: KinesisProcess;
  readonly client: KinesisClient;
  readonly #directory: string;
  readonly #configFiles: readonly string[];
  readonly #workers: Worker[] = [];

  private constructor(parts: Pick<Pipeline, 'redis' | 'kinesis' | 'client'>, directory: string, configFiles: readonly string[]) {
    this.redis = parts.redis;
    this.kinesis = parts.kinesis;
    this.client = parts.client;
    this.#directory = directory;
    this.#configFiles = configFiles;
  }

  static async start(options: PipelineOptions = {}): Promise<Pipeline> {
    const { shards = 4, outputShards = 2, quotas = false } = options;
    const directory = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    const redisDirectory = join(directory, 'redis');
    await mkdir(redisDirectory);
    const configFiles = await writeConfig(directory, options);
    const [redis, kinesis] = await Promise.all([
      RedisHost.start(redisDirectory),
      startKinesisProcess({ streams: { [SOURCE]: shards, [OUTPUT]: outputShards }, quotas, directory }),
    ]);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
    const client = createKinesisClient({ region: 'us-east-1', endpoint: kinesis.endpoint, credentials });
    const pipeline = new Pipeline({ redis, kinesis, client }, directory, configFiles);
    onTestFailed(() => pipeline.#tellLogs());
    return pipeline;
  }

  /** A worker that was not started yet. */
  worker(app: App, name: string, ownEnv: Readonly<Record<string, string>> = {}, release?: { readonly root: string }): Worker {
    const env = { ...this.kinesisEnv, SLUICE_REDIS_URL: this.redis.url, ...ownEnv };
    const worker = new Worker({
      app,
      name,
      args: this.configArguments,
      env,
      directory: this.#directory,
      ...(release && { root: release.root }),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Workers that were started and are ready: `ingress-1`, `ingress-2`, … and `egress-1`, … */
  async startWorkers({ ingress, egress }: { ingress: number; egress: number }): Promise<{ ingress: Worker[]; egress: Worker[] }> {
    const made = {
      ingress: Array.from({ length: ingress }, (_, index) => this.worker('ingress-worker', `ingress-${index + 1}`)),
      egress: Array.from({ length: egress }, (_, index) => this.worker('egress-worker', `egress-${index + 1}`)),
    };
    const all = [...made.ingress, ...made.egress];
    for (const worker of all) worker.start();
    await Promise.all(all.map((worker) => worker.ready()));
    return made;
  }

  /** For programs that speak to Kinesis. */
  get kinesisEnv(): Readonly<Record<string, string>> {
    return { AWS_ENDPOINT_URL_KINESIS: this.kinesis.endpoint, AWS_REGION: 'us-east-1' };
  }

  /** Names the files of the configuration. */
  get configArguments(): readonly string[] {
    return this.#configFiles.flatMap((file) => ['--config', file]);
  }

  /** Of `module.yaml`, `benthos.yaml` or `sluice.yaml`. */
  configFile(name: string): string {
    return join(this.#directory, name);
  }

  lanes(): Promise<LaneCounts[]> {
    return readLaneCounts(this.redis.session, { keyPrefix: 'sluice', target: TARGET });
  }

  /** Records of the jobs that a worker has in hand, by Redis: taken and not acknowledged. */
  async inHandOf(workerId: string): Promise<number> {
    const { session } = this.redis;
    const owned = new Set((await this.lanes()).filter(({ worker }) => worker === workerId).map(({ lane }) => lane));
    const lanes = (await listLanes(session, { keyPrefix: 'sluice' })).filter(({ lane }) => owned.has(lane));
    const counts = lanes.map(async ({ queueName, bullPrefix }) => {
      const queue = new Queue<LaneJobData>(queueName, { prefix: bullPrefix, connection: session.client, skipMetasUpdate: true });
      const jobs = await queue.getActive();
      await queue.close();
      return jobs.reduce((total, { data }) => total + data.records, 0);
    });
    return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
  }

  async deadLetters(): Promise<DeadLetter[]> {
    const address = { keyPrefix: 'sluice', target: TARGET };
    const { session } = this.redis;
    const letters = (await listDeadLetters(session, address)).map(({ id }) => getDeadLetter(session, { ...address, id }));
    return (await Promise.all(letters)).filter((letter) => letter !== undefined);
  }

  /** Requests that wrote to the destination, in the order in which they were carried out. News of them may come after Redis knows of it: wait for it. */
  writes(): RequestObservation[] {
    return this.kinesis.requests.filter(({ operation, stream }) => operation === 'PutRecords' && stream === OUTPUT);
  }

  /** Records that the destination was sent so far; some may have been refused. */
  get written(): number {
    return this.writes().reduce((total, { records }) => total + records, 0);
  }

  /**
   * Whether the destination was sent so many records, each once but for those that workers said may repeat: on a busy machine a lease may run
   * out, or a request remain without an answer.
   */
  hasWritten(count: number): boolean {
    const { written } = this;
    return written >= count && written <= count + this.mayRepeat();
  }

  /** Records that may be written twice, by what the workers say. */
  mayRepeat(): number {
    return this.#workers.reduce((sum, worker) => sum + worker.mayRepeat(), 0);
  }

  /** As `delivered`, without the duplicates that the workers said may come. */
  async deliveredOnce(...args: Parameters<Pipeline['delivered']>): Promise<DeliveryReport> {
    const report = await this.delivered(...args);
    const excused = Math.min(report.duplicated, this.mayRepeat());
    if (excused > 0) process.stdout.write(`${excused} records came twice, as the workers said they may\n`);
    return { ...report, readBack: report.readBack - excused, duplicated: report.duplicated - excused };
  }

  /** Waits until everything that was fed has come out and no lane holds anything, and compares the two. */
  async delivered(
    fed: readonly SeenRecord[],
    { withinMs = 300_000, original }: { readonly withinMs?: number; readonly original?: (data: Uint8Array) => Uint8Array } = {},
  ): Promise<DeliveryReport> {
    let report: DeliveryReport | undefined;
    const isThere = async () => {
      if (this.written < fed.length || (await this.lanes()).some(({ records }) => records > 0)) return false;
      report = await this.compare(fed, original);
      return report.lost === 0;
    };
    await until(`${fed.length} records`, isThere, withinMs).catch(async (error: Error) => {
      report = await this.compare(fed, original);
      throw new Error(`${error.message}; ${JSON.stringify({ ...report, lanes: await this.lanes() })}`, { cause: error });
    });
    return report!;
  }

  /** @param original what the data of a record were before processors changed them */
  async compare(fed: readonly SeenRecord[], original = (data: Uint8Array) => data): Promise<DeliveryReport> {
    const check = new DeliveryCheck();
    for (const record of fed) check.feed(record);
    for await (const record of readBack(this.client, OUTPUT)) check.readBack({ ...record, data: original(record.data) });
    return check.report();
  }

  #tellLogs(): void {
    for (const worker of this.#workers) process.stderr.write(`\n${worker.id}\n  ${worker.lastLines.join('\n  ')}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
    this.client[Symbol.dispose]();
    await Promise.all([this.kinesis[Symbol.asyncDispose](), this.redis[Symbol.asyncDispose]()]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function writeConfig(directory: string, { lease, ordering = 'strict', consumer }: PipelineOptions): Promise<string[]> {
  const documents = {
    'module.yaml': `
kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/departures
  startupPosition: { type: earliest }
  streams: [{ stream: ${SOURCE}, valueType: com.example/Departure, targets: [${TARGET}] }]
`,
    'benthos.yaml': `
output:
  label: arrivals
  aws_kinesis:
    stream: ${OUTPUT}
    partition_key: \${! json("key") }
    max_in_flight: 16
    batching: { count: 500, period: 20ms }
`,
    'sluice.yaml': `
sluice:
  ordering: ${ordering}
  lanes: 8
  ${lease ? `lease: { ttl: ${lease.ttl}, renew: ${lease.renew} }` : ''}
  ${consumer === undefined ? '' : `fan_out: { consumer: ${consumer} }`}
`,
  };
  return await Promise.all(
    Object.entries(documents).map(async ([name, text]) => {
      const file = join(directory, name);
      await writeFile(file, text);
      return file;
    }),
  );
}
