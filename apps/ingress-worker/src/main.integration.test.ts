import { compare, createKeyedFeed, startLaneDrain } from '@sluice/ingress/testing';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { startRedisProxy } from '@sluice/redis/testing';
import { type NodeProcess, Stopwatch, startRedisServer, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { createConfigFolder, startWorkerProcess } from './testing/worker-process.ts';

const STREAM = 'orders';
const LANES = 4;
const EGRESS = 'output/out';

const moduleYaml = (stream = STREAM, target = EGRESS) => `
kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/in
  startupPosition:
    type: earliest
  streams:
    - stream: ${stream}
      valueType: com.example/Order
      targets:
        - ${target}
`;
const benthosYaml = `
output:
  label: out
  aws_kinesis:
    stream: written
    partition_key: \${! json("id") }
`;
const sluiceYaml = `
sluice:
  lanes: ${LANES}
`;

describe('ingress-worker', () => {
  it('is replaced within six seconds when it is killed, and nothing is lost', async () => {
    await using place = await startPlace();
    await using one = await place.worker();
    await using two = await place.worker();
    await untilTimes(one, 2);
    await untilTimes(two, 2);
    const feeding = place.feed.put(3_000);
    await place.drain.until(1_000);
    one.signal('SIGKILL');
    using stopwatch = new Stopwatch({ fixedMs: 5_000 });
    await untilTimes(two, 4);
    expect(stopwatch.stop()).toBeLessThan(6_000);
    await feeding;

    expect(compare((await place.drain.until(3_000)).records, 3_000)).toEqual({ lost: 0, duplicated: 0, outOfOrder: 0 });
  });

  it('finishes what it has in hand and exits within two seconds when it is asked to stop', async () => {
    await using place = await startPlace();
    await using one = await place.worker();
    await untilTimes(one, 4);
    const feeding = place.feed.put(4_000);
    await place.drain.until(500);
    one.signal('SIGTERM');
    using stopwatch = new Stopwatch();
    await expect(one.exited).resolves.toBe(0);
    expect(stopwatch.stop()).toBeLessThan(2_000);
    await using two = await place.worker();
    await feeding;

    const { records, skipped } = await place.drain.until(4_000);
    expect({ ...compare(records, 4_000), skipped }).toEqual({ lost: 0, duplicated: 0, outOfOrder: 0, skipped: 0 });
    expect(two.log).not.toContain('"level":"error"');
  });

  it('stops also where it is asked to while it still starts', async () => {
    await using place = await startPlace({ drained: false });
    await using proxy = await startRedisProxy(place.redisUrl);
    proxy.delay(200);
    await using worker = startWorkerProcess([...place.files, '--redis-url', proxy.url], place.env);
    await worker.logged('connected to redis');
    worker.signal('SIGTERM');
    await expect(worker.exited).resolves.toBe(0);
  });

  it('loses nothing when it is stopped for longer than its lease and goes on', async () => {
    await using place = await startPlace();
    await using one = await place.worker();
    await untilTimes(one, 4);
    await place.feed.put(1_000);
    await place.drain.until(100);
    one.signal('SIGSTOP');
    await using two = await place.worker();
    await place.feed.put(1_000);
    await untilTimes(two, 4);
    one.signal('SIGCONT');
    await place.feed.put(1_000);

    expect(compare((await place.drain.until(3_000)).records, 3_000)).toEqual({ lost: 0, duplicated: 0, outOfOrder: 0 });
  });

  it('goes on from what Redis says after Redis was restarted', async () => {
    await using place = await startPlace({ drained: false });
    await using worker = await place.worker();
    await untilTimes(worker, 4);
    const feeding = place.feed.put(4_000);
    await worker.logged('checkpoint moved');
    await place.restartRedis();
    await worker.logged('connection to Redis lost');
    await untilTimes(worker, 8);
    await feeding;
    await using drain = await startLaneDrain(place.redisUrl, EGRESS, LANES);

    expect(compare((await drain.until(4_000)).records, 4_000)).toEqual({ lost: 0, duplicated: 0, outOfOrder: 0 });
  });

  it.each([
    ['no configuration', [], /^ingress-worker: expected a configuration file, found none/],
    ['a file that is not there', ['--config', '/nowhere.yaml'], /\/nowhere\.yaml/],
    ['a malformed Redis URL', ['--redis-url', 'http://x'], /redis/i],
  ])('says on one line what is wrong with %s, and exits with 1', async (what, args, line) => {
    await using place = await startPlace({ drained: false });
    const files = what === 'no configuration' || what === 'a file that is not there' ? [] : place.files;
    await using worker = startWorkerProcess([...files, '--redis-url', place.redisUrl, '--log-level', 'error', ...args], place.env);
    await expect(worker.exited).resolves.toBe(1);
    expect(worker.log).toMatch(line);
  });

  it.each([
    ['an unknown stream', moduleYaml('nowhere'), {}, /^ingress-worker: stream nowhere was not found: .* \(STREAM_NOT_FOUND\)$/m],
    [
      'wrong credentials',
      moduleYaml(),
      { AWS_ACCESS_KEY_ID: 'wrong' },
      /^ingress-worker: kinesis refused the credentials for stream orders: .*\(KINESIS_ACCESS_DENIED\)$/m,
    ],
    ['an unknown target', moduleYaml(STREAM, 'com.example/nobody'), {}, /com\.example\/nobody/],
  ])('says on one line what is wrong with %s, and exits with 1', async (_, yaml, env, line) => {
    await using place = await startPlace({ drained: false, yaml });
    await using worker = startWorkerProcess([...place.files, '--redis-url', place.redisUrl, '--log-level', 'error'], {
      ...place.env,
      ...env,
    });
    await expect(worker.exited).resolves.toBe(1);
    expect(worker.log).toMatch(line);
  });

  it('says on one line that its port is in use, and exits with 1', async () => {
    await using place = await startPlace({ drained: false });
    const port = new URL(place.env.AWS_ENDPOINT_URL_KINESIS).port;
    const flags = ['--redis-url', place.redisUrl, '--log-level', 'error', '--operations-port', port];
    await using worker = startWorkerProcess([...place.files, ...flags], place.env);
    await expect(worker.exited).resolves.toBe(1);
    expect(worker.log).toBe(
      `ingress-worker: cannot listen on 127.0.0.1:${port}: the port is in use; choose another port with --operations-port or \`sluice.ports\`, or 0 for any free one (PORT_UNAVAILABLE)\n`,
    );
  });

  it('refuses a Redis that evicts, or that keeps nothing on disk unless told to accept that', async () => {
    await using folder = await createConfigFolder();
    await using emulator = await startKinesisEmulator({ streams: { [STREAM]: 1 } });
    const files = [
      '--config',
      await folder.write('module.yaml', moduleYaml()),
      '--config',
      await folder.write('benthos.yaml', benthosYaml),
    ];
    await using evicting = await startRedisServer({ extraArguments: ['--maxmemory-policy', 'allkeys-lru'] });
    await using volatile = await startRedisServer({ appendOnly: false });
    await using first = startWorkerProcess([...files, '--redis-url', evicting.url, '--log-level', 'error']);
    await using second = startWorkerProcess([...files, '--redis-url', volatile.url, '--log-level', 'error']);
    await using third = startWorkerProcess([...files, '--redis-url', volatile.url, '--allow-volatile'], {
      AWS_ENDPOINT_URL_KINESIS: emulator.endpoint,
    });

    await expect(first.exited).resolves.toBe(1);
    expect(first.log).toMatch(/^ingress-worker: redis at .* evicts keys .* set maxmemory-policy noeviction \(REDIS_UNSUITABLE\)\n$/);
    await expect(second.exited).resolves.toBe(1);
    expect(second.log).toMatch(/^ingress-worker: redis at .* has no persistence.* --allow-volatile \(REDIS_UNSUITABLE\)\n$/);
    await third.logged('shard reader started');
  });
});

/** Resolves once the worker has started so many shard readers. */
async function untilTimes(worker: NodeProcess, count: number): Promise<void> {
  await until(`${count} shard readers`, () => {
    if (!worker.isRunning) throw new Error(`the worker ended: ${worker.log}`);
    return worker.timesLogged('"msg":"shard reader started"') >= count;
  });
}

/** A Kinesis with a stream of four shards, a Redis, and worker processes as asked for. */
async function startPlace({ drained = true, yaml = moduleYaml() } = {}) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createConfigFolder());
  let redis = await startRedisServer();
  stack.defer(() => redis[Symbol.asyncDispose]());
  const emulator = stack.use(await startKinesisEmulator({ quotas: false, streams: { [STREAM]: 4 }, acceptedAccessKeyIds: ['test'] }));
  const feed = stack.use(createKeyedFeed(emulator.endpoint, STREAM));
  const drain = drained ? stack.use(await startLaneDrain(redis.url, EGRESS, LANES)) : undefined;
  const texts = { 'module.yaml': yaml, 'benthos.yaml': benthosYaml, 'sluice.yaml': sluiceYaml };
  const paths = await Promise.all(Object.entries(texts).map(([name, text]) => folder.write(name, text)));
  const files = paths.flatMap((path) => ['--config', path]);
  const env = { AWS_ENDPOINT_URL_KINESIS: emulator.endpoint };
  const owned = stack.move();
  return {
    files,
    env,
    feed,
    drain: drain!,
    redisUrl: redis.url,
    async worker() {
      const worker = startWorkerProcess([...files, '--redis-url', redis.url, '--log-level', 'debug'], env);
      await worker.logged('worker is running');
      return worker;
    },
    async restartRedis() {
      const { port, directory } = redis;
      await redis.stop('SIGTERM');
      redis = await startRedisServer({ port, directory });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
