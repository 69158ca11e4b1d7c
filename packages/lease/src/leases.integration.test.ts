import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll } from 'vitest';
import type { LeaseStore } from './lease-store.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { createRedisShardTable } from './shards/redis-shard-table.ts';
import type { LeaseHarness } from './testing/lease-harness.ts';
import { describeLeaseStore } from './testing/lease-store.conformance.ts';
import { describeShardTable } from './testing/shard-table.conformance.ts';

let redis: RedisServer;
const sessions = new Map<LeaseStore, RedisSession>();
let keys = 0;

beforeAll(async () => {
  redis = await startRedisServer();
});

afterAll(async () => {
  await Promise.all([...sessions.values()].map((session) => session[Symbol.asyncDispose]()));
  await redis[Symbol.asyncDispose]();
});

const harness: LeaseHarness = {
  async connect() {
    const session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
    const store = createRedisLeaseStore(session);
    sessions.set(store, session);
    return { store, table: (options) => createRedisShardTable(session, options) };
  },
  async breakConnection(store) {
    const session = sessions.get(store)!;
    const isReady = Promise.withResolvers<void>();
    session.onReady(() => isReady.resolve());
    session.client.stream.destroy();
    await isReady.promise;
  },
  wait: moveBack,
  newKey: () => `{test}:key-${++keys}`,
};

/** Time cannot be let pass quicker for Redis. So all that it holds is moved into the past by as much. */
async function moveBack(ms: number): Promise<void> {
  const { client } = [...sessions.values()][0]!;
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const times = type === 'hash' ? ['until', 'heirUntil', 'movedUntil'] : [];
    for (const field of times) if (await client.hexists(key, field)) await client.hincrby(key, field, -ms);
    const members = type === 'zset' ? await client.zrange(key, '0', '-1') : [];
    for (const member of members) await client.zincrby(key, -ms, member);
  }
}

describeLeaseStore('Redis', () => harness);
describeShardTable('Redis', () => harness);
