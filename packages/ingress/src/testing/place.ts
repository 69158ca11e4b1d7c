import { silentLogger, systemClock } from '@sluice/core';
import { type KinesisEmulator, type KinesisEmulatorOptions, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { createWorkerId } from '@sluice/lease';
import { connectRedis } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { createKeyedFeed } from './keyed-feed.ts';
import { startLaneDrain } from './lane-drain.ts';
import { type IngressWorker, startIngressWorker } from './start-ingresses.ts';
import { type WorkerConfigOptions, workerConfig } from './worker-config.ts';

export const STREAM = 'orders';
export const LANES = 4;

export type Place = Awaited<ReturnType<typeof startPlace>>;

interface PlaceOptions {
  readonly emulator?: KinesisEmulatorOptions;
  /** Whether somebody empties the lanes. */
  readonly drained?: boolean;
}

/** A Kinesis with one stream, a Redis, and as many workers as are asked for. */
export async function startPlace(shards: number, { emulator: emulatorOptions = {}, drained = true }: PlaceOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const redis: RedisServer = stack.use(await startRedisServer());
  const emulator: KinesisEmulator = stack.use(
    await startKinesisEmulator({ quotas: false, streams: { [STREAM]: shards }, ...emulatorOptions }),
  );
  const feed = stack.use(createKeyedFeed(emulator.endpoint, STREAM));
  const drain = drained ? stack.use(await startLaneDrain(redis.url, 'com.example/out', LANES)) : undefined;
  const workers = stack.use(new AsyncDisposableStack());
  const owned = stack.move();
  return {
    redis,
    emulator,
    feed,
    drain: drain!,
    async worker(options: Partial<WorkerConfigOptions> = {}, env: NodeJS.ProcessEnv = {}) {
      const session = workers.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
      const config = workerConfig({ endpoint: emulator.endpoint, redisUrl: redis.url, stream: STREAM, lanes: LANES, ...options });
      const events: Array<Readonly<Record<string, unknown>>> = [];
      const telemetry: EventSink = { emit: (event) => void events.push(event) };
      const worker: IngressWorker = workers.use(
        await startIngressWorker({
          config,
          session,
          worker: createWorkerId(),
          env,
          telemetry,
          logger: silentLogger,
          clock: systemClock,
        }),
      );
      worker.done.catch(() => undefined);
      const leases = () => (worker.readiness().facts['ingresses'] as Record<string, { leases: number }>)['com.example/in']!.leases;
      return { worker, events, leases };
    },
    async shardStates(): Promise<readonly string[]> {
      await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
      const table = `sluice:{com.example/in/${STREAM}}:shards`;
      const shardIds = await session.client.hkeys(table);
      const ended = await Promise.all(shardIds.map((shardId) => session.client.hexists(`${table}:${shardId}`, 'ended')));
      return ended.map((isEnded) => (isEnded ? 'shardEnd' : 'active')).sort();
    },
    /** Who holds each shard, by its row. */
    async leaseOwners(): Promise<readonly string[]> {
      await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
      const table = `sluice:{com.example/in/${STREAM}}:shards`;
      const shardIds = await session.client.hkeys(table);
      return Promise.all(shardIds.map(async (shardId) => (await session.client.hget(`${table}:${shardId}`, 'owner')) ?? ''));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
