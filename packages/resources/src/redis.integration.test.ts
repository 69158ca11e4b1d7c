import { systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResources } from './create-resources.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis[Symbol.asyncDispose]());

describe('a cache `redis`', () => {
  it('is shared by all that use the same Redis and prefix', async () => {
    const [one, two, other] = [resourcesOn(redis.url, 'p:'), resourcesOn(redis.url, 'p:'), resourcesOn(redis.url, 'q:')];
    const [cache, same, stranger] = [one, two, other].map((resources) => resources.cache('c')!) as [Cache, Cache, Cache];
    await cache.set('k', Buffer.from([0, 255]));
    expect([await same.get('k'), await same.add('k', Buffer.from('x')), await stranger.get('k')]).toEqual([
      Buffer.from([0, 255]),
      false,
      undefined,
    ]);
    expect([await same.add('l', Buffer.from('1')), await cache.get('l')]).toEqual([true, Buffer.from('1')]);
    await cache.delete('l');
    expect(await same.get('l')).toBeUndefined();
    for (const resources of [one, two, other]) resources.close();
  });

  it('forgets a value after its own time', async () => {
    const resources = resourcesOn(redis.url, 'ttl:');
    const cache = resources.cache('c')!;
    await cache.set('k', Buffer.from('1'), 20);
    await expect.poll(() => cache.get('k')).toBeUndefined();
    resources.close();
  });

  it('connects again where it is used after it was closed', async () => {
    const resources = resourcesOn(redis.url, 'again:');
    await resources.cache('c')!.set('k', Buffer.from('1'));
    resources.close();
    expect(await resources.cache('c')!.get('k')).toEqual(Buffer.from('1'));
    resources.close();
  });

  it('says that it cannot be reached', async () => {
    const resources = resourcesOn('redis://127.0.0.1:1', 'none:');
    await expect(resources.cache('c')!.get('k')).rejects.toMatchObject({ name: 'ContentError' });
    resources.close();
  });
});

describe('the limit `redis`', () => {
  it('has its places once in each interval, for all that use its key', async () => {
    const [one, two] = [resourcesOn(redis.url, 'r:'), resourcesOn(redis.url, 'r:')];
    const [limit, same] = [one.rateLimit('r')!, two.rateLimit('r')!];
    expect([await limit.access(), await same.access()]).toEqual([0, 0]);
    const pauseMs = await limit.access();
    expect(pauseMs).toBeGreaterThan(0);
    expect(pauseMs).toBeLessThanOrEqual(60_000);
    for (const resources of [one, two]) resources.close();
  });
});

type Cache = NonNullable<ReturnType<ReturnType<typeof createResources>['cache']>>;

const NO_RETRIES = { initial_interval: 0, max_interval: 0, max_elapsed_time: 0 };

const resourcesOn = (url: string, prefix: string) =>
  createResources(
    {
      caches: [{ label: 'c', type: 'redis', options: { url, prefix, default_ttl: 0, retries: NO_RETRIES } }],
      rateLimits: [{ label: 'r', type: 'redis', options: { url, key: `${prefix}limit`, count: 2, interval: 60_000 } }],
    },
    { clock: systemClock },
  );
