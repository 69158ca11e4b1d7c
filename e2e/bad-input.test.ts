import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, NodeProcess, programFile, type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisProcess, startKinesisProcess } from './src/kinesis-process.ts';
import type { App } from './src/worker.ts';

const WORKERS: readonly App[] = ['ingress-worker', 'egress-worker'];
const APPS: readonly App[] = [...WORKERS, 'board'];

let directory: string;
let redis: RedisServer;
let evictingRedis: RedisServer;
let volatileRedis: RedisServer;
let kinesis: KinesisProcess;
let busyPort: Server;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  [redis, evictingRedis, volatileRedis, kinesis] = await Promise.all([
    startRedisServer(),
    startRedisServer({ extraArguments: ['--maxmemory-policy', 'allkeys-lru'] }),
    startRedisServer({ appendOnly: false }),
    startKinesisProcess({ streams: { source: 1, output: 1 }, accessKeys: ['good'], directory }),
  ]);
  busyPort = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(busyPort, 'listening'), writePipeline('source', 'output'), writePipeline('nowhere', 'nowhere')]);
  await file('malformed.yaml', 'output:\n  aws_kinesis: [\n');
  await file(
    'mistaken.yaml',
    'output:\n  aws_kinesis:\n    stream: output\n    partition_key: ${! json("key" }\n    max_in_flight: many\n',
  );
});

afterAll(async () => {
  busyPort.close();
  await Promise.all([redis, evictingRedis, volatileRedis, kinesis].map((server) => server[Symbol.asyncDispose]()));
  await rm(directory, { recursive: true, force: true });
});

describe.each(APPS)('%s ends with a plain error and exit code 1', (app) => {
  it('without a configuration', async () => {
    expect(await outcomeOf(app, { config: [] })).toEqual({
      code: 1,
      complaints: [
        `${app}: expected a configuration file, found none: name one with --config file.yaml (may be repeated) (CONFIG_MISSING)`,
      ],
    });
  });

  it('when a configuration file is missing', async () => {
    const { code, complaints } = await outcomeOf(app, { config: ['missing.yaml'] });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringMatching(/missing\.yaml.* cannot be read: no such file/),
      `${app}: the configuration has an error; nothing was started (CONFIG_INVALID)`,
    ]);
  });

  it('when a configuration file is malformed', async () => {
    const { code, complaints } = await outcomeOf(app, { config: ['malformed.yaml'] });
    expect(code).toBe(1);
    expect(complaints[0]).toMatch(/malformed\.yaml\(3,1\) invalid YAML: .*\]/);
    expect(complaints.at(-1)).toBe(`${app}: the configuration has an error; nothing was started (CONFIG_INVALID)`);
  });

  it('when a configuration file has mistakes, all of them with their places', async () => {
    const { code, complaints } = await outcomeOf(app, { config: ['mistaken.yaml'] });
    expect(code).toBe(1);
    expect(complaints.filter((line) => line.includes('mistaken.yaml'))).toEqual([
      expect.stringMatching(/mistaken\.yaml\(4,35\) .*bad Bloblang/),
      expect.stringMatching(/mistaken\.yaml\(5,20\) .*expected an integer, got `many`/),
    ]);
    expect(complaints.at(-1)).toBe(`${app}: the configuration has 2 errors; nothing was started (CONFIG_INVALID)`);
  });

  it('when Redis may evict', async () => {
    expect(await outcomeOf(app, { redisUrl: evictingRedis.url })).toEqual({
      code: 1,
      complaints: [
        `${app}: redis at ${evictingRedis.url} evicts keys when it is full (maxmemory_policy is allkeys-lru); set maxmemory-policy noeviction (REDIS_UNSUITABLE)`,
      ],
    });
  });

  it('when Redis keeps nothing, and starts if that is allowed', async () => {
    expect(await outcomeOf(app, { redisUrl: volatileRedis.url })).toEqual({
      code: 1,
      complaints: [
        `${app}: redis at ${volatileRedis.url} has no persistence: a restart would lose the records in its lanes; ` +
          'set appendonly yes, or accept that loss with --allow-volatile (REDIS_UNSUITABLE)',
      ],
    });
    const allowed = start(app, { redisUrl: volatileRedis.url, flags: ['--allow-volatile'] });
    await untilUp(allowed);
    await allowed.stop();
    await expect(allowed.exited).resolves.toBe(0);
  });

  it('when its port is in use', async () => {
    const { port } = busyPort.address() as { port: number };
    const { code, complaints } = await outcomeOf(app, { port });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringMatching(new RegExp(`^${app}: cannot .* 127.0.0.1:${port}: the port is in use; choose another`)),
    ]);
  });
});

describe.each(WORKERS)('%s ends with a plain error and exit code 1', (app) => {
  it('when its stream does not exist', async () => {
    const { code, complaints } = await outcomeOf(app, { config: pipelineFiles('nowhere') });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringMatching(new RegExp(`^${app}: stream nowhere was not found: .*; check its name, the region and the endpoint`)),
    ]);
  });

  it('when its credentials are refused', async () => {
    const { code, complaints } = await outcomeOf(app, { accessKey: 'bad' });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringMatching(new RegExp(`^${app}: kinesis refused the credentials for stream (source|output): .*; check the access key`)),
    ]);
  });
});

it('board ends with a plain error and exit code 1 where others could reach it without a login', async () => {
  expect(await outcomeOf('board', { flags: ['--host', '0.0.0.0'] })).toEqual({
    code: 1,
    complaints: [
      'board: expected a login for a board that listens on 0.0.0.0, found none: set sluice.board.login (SLUICE_BOARD_LOGIN_USERNAME and SLUICE_BOARD_LOGIN_PASSWORD), or listen on 127.0.0.1 (SLUICE_HOST, --host) (BOARD_LOGIN_MISSING)',
    ],
  });
});

it.each(WORKERS)('%s waits for an endpoint that cannot be reached, and says so', async (app) => {
  const port = await freePort();
  const worker = start(app, { endpoint: `http://127.0.0.1:${port}` });
  await worker.logged(/kinesis is unavailable: connect ECONNREFUSED/);
  await using _kinesis = await startKinesisProcess({ streams: { source: 1, output: 1 }, port, directory });
  await untilUp(worker);
  await worker.stop();
  await expect(worker.exited).resolves.toBe(0);
});

it.each(APPS)('%s waits for a Redis that cannot be reached, and says so', async (app) => {
  const port = await freePort();
  const process = start(app, { redisUrl: `redis://127.0.0.1:${port}` });
  await process.logged(/connect ECONNREFUSED.*waiting for redis/);
  await using _redis = await startRedisServer({ port });
  await untilUp(process);
  await process.stop();
  await expect(process.exited).resolves.toBe(0);
});

interface Start {
  readonly config?: readonly string[];
  readonly redisUrl?: string;
  readonly endpoint?: string;
  readonly accessKey?: string;
  /** Of the operations server or the board. */
  readonly port?: number;
  readonly flags?: readonly string[];
}

const pipelineFiles = (stream: string) => [`${stream}.module.yaml`, `${stream}.benthos.yaml`];

function start(app: App, options: Start): NodeProcess {
  const {
    config = pipelineFiles('source'),
    redisUrl = redis.url,
    endpoint = kinesis.endpoint,
    accessKey = 'good',
    port = 0,
    flags = [],
  } = options;
  const process = new NodeProcess({
    name: app,
    script: programFile(app),
    args: [
      ...config.flatMap((name) => ['--config', join(directory, name)]),
      ...['--redis-url', redisUrl, app === 'board' ? '--port' : '--operations-port', String(port), ...flags],
    ],
    env: { AWS_ENDPOINT_URL_KINESIS: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: 'secret' },
    logFile: join(directory, `${app}.log`),
  });
  onTestFinished(() => process.kill());
  return process;
}

/** How a process ended by itself, and what it wrote that is no line of its log. */
async function outcomeOf(app: App, options: Start): Promise<{ code: number | null; complaints: string[] }> {
  const process = start(app, options);
  const code = await process.exited;
  return { code, complaints: process.lastLines.filter((line) => !line.startsWith('{"level"')) };
}

/** Resolves once the process serves: what it does for Kinesis is in its log. */
const untilUp = (process: NodeProcess) => process.logged(/"msg":"(stream opened|egress writes|board ready)"/);

async function writePipeline(source: string, output: string): Promise<void> {
  const [moduleFile, benthosFile] = pipelineFiles(source);
  await file(
    moduleFile!,
    `kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/departures
  startupPosition: { type: earliest }
  streams: [{ stream: ${source}, valueType: com.example/Departure, targets: [output/arrivals] }]
`,
  );
  await file(benthosFile!, `output:\n  label: arrivals\n  aws_kinesis:\n    stream: ${output}\n    partition_key: \${! json("key") }\n`);
}

const file = (name: string, text: string) => writeFile(join(directory, name), text);
