/** The processes that a pipeline benchmark runs: Redis, the emulator without quotas, and workers started when the clock starts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, NodeProcess, programFile, type RedisServer, startRedisServer } from '@sluice/testkit';

/** From the sources, or where `PROGRAMS_UNDER_TEST` names its folder, from the bundle that production runs. */
const PROGRAMS = { kinesis: 'kinesis-emulator', 'ingress-worker': 'ingress-worker', 'egress-worker': 'egress-worker' } as const;

export interface RunningWorker {
  readonly process: NodeProcess;
  readonly metricsUrl: string;
}

export interface Stage extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly kinesis: NodeProcess;
  readonly endpoint: string;
  /** @param settings what stands under `sluice:` in its configuration */
  start(name: 'ingress-worker' | 'egress-worker', settings?: object): Promise<RunningWorker>;
}

export interface StageOptions {
  /** The service's quotas a shard. @default false */
  readonly quotas?: boolean;
  /** Of the emulator, by operation. */
  readonly faults?: object;
  /** Further fields of the output. */
  readonly output?: object;
}

/** @param shards of the source and of the destination */
export async function setStage(shards: number, { quotas = false, faults, output = {} }: StageOptions = {}): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'logs'));
  const redis = stack.use(await startRedisServer());
  const start = (name: keyof typeof PROGRAMS, args: readonly string[], env: Record<string, string> = {}) => {
    const process = new NodeProcess({
      name,
      script: programFile(PROGRAMS[name]),
      args,
      env,
      logFile: join(directory, 'logs', `${name}.log`),
    });
    stack.defer(async () => void (await process.stop(2_000)));
    return process;
  };
  const kinesis = start('kinesis', [
    '--port',
    '0',
    ...(quotas ? [] : ['--no-quotas']),
    '--memory-cap-mib',
    '8192',
    '--stream',
    `source:${shards}`,
    '--stream',
    `destination:${shards}`,
    ...(faults ? ['--faults', JSON.stringify(faults)] : []),
  ]);
  const endpoint = /https?:\/\/\S+/.exec((await kinesis.nextLine()) ?? '')?.[0];
  if (!endpoint) {
    await stack.disposeAsync();
    throw new Error(`the emulator did not start: ${kinesis.lastLines.join('\n')}`);
  }

  const env = {
    AWS_ENDPOINT_URL_KINESIS: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    SLUICE_REDIS_URL: redis.url,
  };
  return {
    redis,
    kinesis,
    endpoint,
    start: async (name, settings = {}) => {
      const port = await freePort();
      const files = await writeConfig(join(directory, String(port)), settings, output);
      const process = start(name, [...files.flatMap((file) => ['--config', file]), '--operations-port', String(port)], env);
      return { process, metricsUrl: `http://127.0.0.1:${port}/metrics` };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function writeConfig(directory: string, settings: object, output: object): Promise<string[]> {
  const fields = { stream: 'destination', partition_key: '${! metadata("kinesis_partition_key") }', ...output };
  const files = {
    'benthos.yaml': [
      'input: { label: in, aws_kinesis: { streams: [source] } }',
      `output: { label: out, aws_kinesis: ${JSON.stringify(fields)} }`,
    ].join('\n'),
    'sluice.yaml': `sluice: ${JSON.stringify(settings)}`,
  };
  await mkdir(directory);
  return Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const path = join(directory, name);
      await writeFile(path, `${text}\n`);
      return path;
    }),
  );
}
