/** Redis' clock is set back by an hour: what was written before lies an hour in the future, for its rows a moment ago. */
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 5_000;

let redis: RedisServer;
let session: RedisSession;
beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe('after the clock of Redis was set back', () => {
  it.each(['survey', 'claim'] as const)('a dead worker holds its lease for one ttl more, by a %s', async (look) => {
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    const key = `dead-${look}`;
    await store.claim({ epoch, key, worker: 'ada', ttlMs: TTL_MS });
    await ahead(key, 'until');

    if (look === 'claim') expect(await claimBy('bob', key)).toMatchObject({ outcome: 'held', remainingMs: TTL_MS });
    else expect(await store.survey(epoch, [key])).toMatchObject([{ state: 'held', worker: 'ada', remainingMs: TTL_MS }]);
    // It counts down from there.
    const left = Number(await session.client.hget(key, 'until')) - (await redisNow());
    expect(left).toBeLessThanOrEqual(TTL_MS);
  });

  it('a living worker keeps its lease', async () => {
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    const token = tokenOf(await store.claim({ epoch, key: 'alive', worker: 'ada', ttlMs: TTL_MS }));
    await ahead('alive', 'until');
    await store.survey(epoch, ['alive']);
    const pulse = { epoch, group: 'group', worker: 'ada', ttlMs: TTL_MS, isMember: true, held: [{ key: 'alive', token }] };
    expect(await store.pulse(pulse)).toMatchObject({ leases: ['renewed'] });
    expect(await claimBy('bob', 'alive')).toMatchObject({ outcome: 'held' });
  });

  it('a lease that lasts longer than those of the worker that looks is not cut short', async () => {
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    await store.claim({ epoch, key: 'long', worker: 'ada', ttlMs: 20 * TTL_MS });
    expect(await claimBy('bob', 'long')).toMatchObject({ outcome: 'held', remainingMs: expect.closeTo(20 * TTL_MS, -3) });
  });

  it('a lease that was released for a successor is left to it for a moment only', async () => {
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    const token = tokenOf(await store.claim({ epoch, key: 'heir', worker: 'ada', ttlMs: TTL_MS }));
    await store.release({ epoch, group: 'group', key: 'heir', token, successor: 'cyd' });
    await ahead('heir', 'heirUntil');
    const [row] = await store.survey(epoch, ['heir']);
    expect(row).toMatchObject({ state: 'reserved', worker: 'cyd' });
    expect(row!.remainingMs).toBeLessThanOrEqual(2_000);
    const left = Number(await session.client.hget('heir', 'heirUntil')) - (await redisNow());
    expect(left).toBeLessThanOrEqual(2_000);
  });

  it('a dead worker is forgotten', async () => {
    const store = createRedisLeaseStore(session);
    await session.client.zadd('members', (await redisNow()) + HOUR_MS, 'dead');
    const pulse = { epoch: store.epoch, group: 'members', worker: 'ada', ttlMs: TTL_MS, isMember: true, held: [] };
    await store.pulse(pulse);
    expect(Number(await session.client.zscore('members', 'dead')) - (await redisNow())).toBeLessThanOrEqual(TTL_MS);
  });
});

const claimBy = (worker: string, key: string) => createRedisLeaseStore(session).claim({ epoch: session.epoch, key, worker, ttlMs: TTL_MS });

async function ahead(key: string, field: string): Promise<void> {
  await session.client.hset(key, field, Number(await session.client.hget(key, field)) + HOUR_MS);
}

async function redisNow(): Promise<number> {
  const [seconds, micros] = (await session.client.time()) as unknown as [string, string];
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
