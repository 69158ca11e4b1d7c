/** Redis' clock is set back by an hour: what was written before lies an hour in the future, for its rows a moment ago. */
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLeaseKeeper } from './keeper/lease-keeper.ts';
import { freeResource } from './plan/lease-resource.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 5_000;
const SOON = { timeout: 100_000 };

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
    expect(await claimBy('bob', 'long')).toMatchObject({ outcome: 'held', remainingMs: expect.closeTo(20 * TTL_MS, -5) });
  });

  it('a lease that was renewed for longer than it was claimed for is not cut short', async () => {
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    const token = tokenOf(await store.claim({ epoch, key: 'longer', worker: 'ada', ttlMs: TTL_MS }));
    const held = [{ key: 'longer', token }];
    await store.pulse({ epoch, group: 'group', worker: 'ada', ttlMs: 20 * TTL_MS, isMember: true, held });
    expect(await claimBy('bob', 'longer')).toMatchObject({ outcome: 'held', remainingMs: expect.closeTo(20 * TTL_MS, -5) });
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

  it('a worker that lives or comes says so once, with how far', async () => {
    const warnings: Record<string, unknown>[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, facts) => warnings.push(facts!), child: () => logger };
    await createRedisLeaseStore(session).claim({ epoch: session.epoch, key: 'dead', worker: 'dead', ttlMs: TTL_MS });
    const keeper = createLeaseKeeper({
      ...{ store: createRedisLeaseStore(session), group: 'warned', worker: 'ada', clock: systemClock, logger, intervalMs: 20 },
      resources: async () => ['held', 'dead'].map(freeResource),
      emit: () => undefined,
    });
    keeper.start();
    await expect.poll(() => keeper.leases.map(({ key }) => key), SOON).toEqual(['held']);
    expect(warnings).toEqual([]);

    // What a renewal finds, then what a look at the rows of others finds.
    for (const [key, setBackMs] of [
      ['held', HOUR_MS],
      ['dead', 2 * HOUR_MS],
    ] as const) {
      await session.client.hset(key, 'until', (await redisNow()) + setBackMs + TTL_MS);
      await expect.poll(() => warnings.splice(0), SOON).toEqual([{ group: 'warned', setBackMs: expect.closeTo(setBackMs, -5) }]);
    }
    await keeper.stop();
    expect(warnings).toEqual([]);
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
