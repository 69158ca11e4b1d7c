import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SluiceRecord } from '@sluice/core';
import { listParked, retryParked } from '@sluice/functions';
import { createKinesisClient, type KinesisClient, MAX_RECORDS_PER_PUT, type OutgoingRecord } from '@sluice/kinesis';
import { listTargets, readLaneCounts } from '@sluice/queue';
import { delayedKeys } from '@sluice/redis';
import { programFile, runNode, until } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { onTestFailed } from 'vitest';
import { type KinesisProcess, startKinesisProcess } from '../src/kinesis-process.ts';
import { RedisHost } from '../src/redis-host.ts';
import { type App, Worker } from '../src/worker.ts';

export const STREAM_IN = 'in';
const STREAM_OUT = 'out';
const SETTINGS = 'sluice: { ordering: strict, lanes: 8, lease: { ttl: 2s, renew: 400ms } }\n';

/** A line of `sluice state export --base64`. */
export interface StateLine {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly value: Buffer;
}

/** A Redis that flushes every write, Kinesis with the streams `in` and `out`, and workers, each in a process of its own. */
export class FunctionsStage implements AsyncDisposable {
  readonly redis: RedisHost;
  readonly kinesis: KinesisProcess;
  readonly functionWorkers: readonly Worker[];
  readonly #client: KinesisClient;
  readonly #workers: readonly Worker[];
  readonly #directory: string;
  #fed = 0;

  private constructor(parts: Pick<FunctionsStage, 'redis' | 'kinesis'>, directory: string) {
    this.redis = parts.redis;
    this.kinesis = parts.kinesis;
    this.#directory = directory;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
    this.#client = createKinesisClient({ region: 'us-east-1', endpoint: parts.kinesis.endpoint, credentials });
    this.functionWorkers = [1, 2].map((number) => this.#worker('function-worker', `functions-${number}`));
    this.#workers = [this.#worker('ingress-worker', 'ingress'), ...this.functionWorkers, this.#worker('egress-worker', 'egress')];
  }

  /** @param module text of its `module.yaml` */
  static async start(module: string): Promise<FunctionsStage> {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-functions-'));
    const redisDirectory = join(directory, 'redis');
    await mkdir(redisDirectory);
    await Promise.all([writeFile(join(directory, 'module.yaml'), module), writeFile(join(directory, 'sluice.yaml'), SETTINGS)]);
    const [redis, kinesis] = await Promise.all([
      RedisHost.start(redisDirectory, ['--appendfsync', 'always']),
      startKinesisProcess({ streams: { [STREAM_IN]: 4, [STREAM_OUT]: 2 }, directory }),
    ]);
    const stage = new FunctionsStage({ redis, kinesis }, directory);
    onTestFailed(() => stage.#tellLogs());
    for (const worker of stage.#workers) worker.start();
    await Promise.all(stage.#workers.map((worker) => worker.ready()));
    return stage;
  }

  /** Stores records in their order. */
  async feed(records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += MAX_RECORDS_PER_PUT) {
      const some = records.slice(from, from + MAX_RECORDS_PER_PUT);
      const { failedCount } = await this.#client.putRecords({ stream: STREAM_IN, records: some });
      // Trying again would store them behind later ones of their keys.
      if (failedCount > 0) throw new Error(`the source refused ${failedCount} records`);
      this.#fed += some.length;
    }
  }

  /** Waits until nothing is left to do: all records were read, no lane holds anything, and no delayed message is pending. */
  async settled(withinMs?: number): Promise<void> {
    let left: unknown;
    await until(
      'the functions to have done everything',
      async () => {
        left = await this.#left();
        return left === undefined;
      },
      withinMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(left)}`, { cause: error });
    });
  }

  /** What an operator does who does not want to wait: every address that is parked is tried again now. Answers how many. */
  async retryParked(): Promise<number> {
    const { session } = this.redis;
    let tried = 0;
    for (const { target } of await listTargets(session, { keyPrefix: 'sluice' }))
      for await (const { id } of listParked(session, { keyPrefix: 'sluice', target }))
        if (await retryParked(session, { keyPrefix: 'sluice', target, id })) tried += 1;
    return tried;
  }

  async state(): Promise<StateLine[]> {
    const { code, stdout, stderr } = await this.sluice('state', 'export', '--base64');
    if (code !== 0) throw new Error(`state export failed: ${stderr}`);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const { value_base64, ...rest } = JSON.parse(line) as Omit<StateLine, 'value'> & { value_base64: string };
      return { ...rest, value: Buffer.from(value_base64, 'base64') };
    });
  }

  /** Every record of the output, shard by shard. */
  async written(): Promise<SluiceRecord[]> {
    const records: SluiceRecord[] = [];
    for await (const record of readBack(this.#client, STREAM_OUT)) records.push(record);
    return records;
  }

  /** Runs the command line. */
  sluice(...args: string[]): ReturnType<typeof runNode> {
    return runNode([programFile('sluice'), ...args], { env: this.#env });
  }

  /** What is still to do, or `undefined`. */
  async #left(): Promise<unknown> {
    const { session } = this.redis;
    const read = await this.#workers[0]!.counter('sluice_ingress_enqueued_records_total');
    // Looked at before the lanes, since what fires goes there.
    const delayed = await session.client.zcard(delayedKeys('sluice').due);
    const targets = await listTargets(session, { keyPrefix: 'sluice' });
    const lanes = await Promise.all(targets.map(({ target }) => readLaneCounts(session, { keyPrefix: 'sluice', target })));
    const records = lanes.map((counts) => counts.reduce((sum, lane) => sum + lane.records, 0));
    if (read >= this.#fed && delayed === 0 && records.every((count) => count === 0)) return undefined;
    return { fed: this.#fed, read, delayed, records: Object.fromEntries(targets.map(({ target }, index) => [target, records[index]])) };
  }

  #worker(app: App, name: string): Worker {
    const args = ['module.yaml', 'sluice.yaml'].flatMap((file) => ['--config', join(this.#directory, file)]);
    return new Worker({ app, name, args, env: this.#env, directory: this.#directory });
  }

  get #env(): Record<string, string> {
    return { AWS_ENDPOINT_URL_KINESIS: this.kinesis.endpoint, AWS_REGION: 'us-east-1', SLUICE_REDIS_URL: this.redis.url };
  }

  #tellLogs(): void {
    for (const worker of this.#workers) process.stderr.write(`\n${worker.id}\n  ${worker.lastLines.join('\n  ')}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
    this.#client[Symbol.dispose]();
    await Promise.all([this.kinesis[Symbol.asyncDispose](), this.redis[Symbol.asyncDispose]()]);
    await rm(this.#directory, { recursive: true, force: true });
  }
}
