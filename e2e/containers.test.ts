/** Redis and the image of the workers in containers, started by testcontainers. Where no engine answers, one line says so and nothing runs. */
import { resolve } from 'node:path';
import { type ClientRecord, openClient } from '@sluice/client';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { freePort, until } from '@sluice/testkit';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from './src/image/containers.ts';
import { missingEngine } from './src/image/engine.ts';
import { redisImage } from './src/image/redis-image.ts';

// The reaper's own image often cannot be pulled; what this file starts, it removes.
process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
const { GenericContainer, Wait } = await import('testcontainers');

const CONFIG = resolve(import.meta.dirname, '../examples/pipeline');
const KEYS = 8;
const missing = await missingEngine();
process.stderr.write(missing === undefined ? 'containers: tested with an engine\n' : `containers: not tested, ${missing}\n`);

describe.skipIf(missing !== undefined)('in containers', () => {
  const stack = new AsyncDisposableStack();
  let image: string;
  let redis: StartedTestContainer;
  let redisUrl: string;

  beforeAll(async () => {
    image = await buildImage();
    const port = await freePort();
    redisUrl = `redis://127.0.0.1:${port}`;
    redis = await new GenericContainer(await redisImage())
      .withNetworkMode('host')
      .withCommand(['redis-server', '--port', `${port}`, '--bind', '127.0.0.1', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .start();
    stack.defer(async () => void (await redis.stop()));
  }, 900_000);
  afterAll(() => stack.disposeAsync(), 120_000);

  it('records of streams and of clients arrive, while Redis is restarted and a worker is replaced', async () => {
    await using kinesis = await startKinesisEmulator({ port: 0, quotas: false, streams: { flights: 2, departures: 2 } });
    const workers = async (...args: string[]) => {
      const ports = {
        INGRESS_WORKER: await freePort(),
        EGRESS_WORKER: await freePort(),
        FUNCTION_WORKER: await freePort(),
        BOARD: await freePort(),
      };
      const container = await new GenericContainer(image)
        .withNetworkMode('host')
        .withUser('10001:10001')
        .withBindMounts([{ source: CONFIG, target: '/config', mode: 'ro' }])
        .withEnvironment({
          ...{
            AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
            AWS_REGION: 'us-east-1',
            AWS_ACCESS_KEY_ID: 'local',
            AWS_SECRET_ACCESS_KEY: 'local',
          },
          ...{ SLUICE_REDIS_URL: redisUrl, SLUICE_HOST: '127.0.0.1' },
          ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`SLUICE_PORTS_${name}`, `${port}`])),
        })
        .withCommand([...args, ...['module', 'benthos', 'sluice'].flatMap((name) => ['-c', `/config/${name}.yaml`])])
        .withWaitStrategy(Wait.forHealthCheck())
        .withStartupTimeout(120_000)
        .start();
      stack.defer(async () => void (await container.stop({ timeout: 10_000 })));
      return container;
    };
    const first = await workers('run');
    await using client = await openClient({ redis: redisUrl, name: 'containers', connectTimeoutMs: 60_000 });
    // A small backlog, so that the end of the test need not wait for it.
    const waterMarks = { highRecords: 2_000, lowRecords: 1_000, highBytes: 1e9, lowBytes: 1e9 };
    const egress = client.egress('output/departures', { waterMarks });

    let sent = 0;
    let isDone = false;
    const sending = (async () => {
      while (!isDone) await egress.send(Array.from({ length: 10 }, () => recordOf(sent++)));
    })();
    const arrived = () => kinesis.records('departures').length;
    const more = async (what: string) => {
      const before = arrived();
      await until(what, () => arrived() > before + 200);
    };
    await more('records before anything happens');
    await redis.restart();
    await more('records after Redis was restarted');
    const second = await workers('egress-worker');
    await first.stop({ timeout: 10_000 });
    await more('records after the workers were replaced');
    await redis.restart();
    await more('records after the second restart');
    isDone = true;
    await sending;

    await until('all records', () => seen(kinesis).size === sent);
    expect(outOfOrder(kinesis)).toEqual([]);
    await second.stop({ timeout: 10_000 });
  }, 600_000);
});

function recordOf(number: number): ClientRecord {
  const origin = `A${number % KEYS}`;
  return { key: origin, data: JSON.stringify({ origin, number }) };
}

type Kinesis = Awaited<ReturnType<typeof startKinesisEmulator>>;

const numbersIn = (kinesis: Kinesis): number[] =>
  kinesis.records('departures').map(({ data }) => (JSON.parse(Buffer.from(data).toString()) as { number: number }).number);

const seen = (kinesis: Kinesis): Set<number> => new Set(numbersIn(kinesis));

/** Numbers whose first occurrence came after that of a later one of their key. */
function outOfOrder(kinesis: Kinesis): number[] {
  const latest = new Map<number, number>();
  return [...seen(kinesis)].filter((number) => {
    const before = latest.get(number % KEYS) ?? -1;
    latest.set(number % KEYS, Math.max(before, number));
    return number < before;
  });
}
