import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServerOptions, startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { type PreflightOptions, preflight } from './preflight.ts';
import { connectRedis } from './redis-session.ts';

describe('preflight', () => {
  it('accepts a Redis that keeps an append-only file and evicts nothing', async () => {
    await expect(check({})).resolves.toMatchObject({ mode: 'standalone', maxmemoryPolicy: 'noeviction', persistence: 'aof' });
  });

  it('refuses one that evicts, with the way out', async () => {
    await expect(check({ extraArguments: ['--maxmemory-policy', 'allkeys-lru'] })).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      disposition: 'fatal',
      message: expect.stringMatching(
        /^redis at redis:\/\/127\.0\.0\.1:\d+ evicts keys when it is full \(maxmemory_policy is allkeys-lru\); set maxmemory-policy noeviction$/,
      ),
    });
  });

  it('refuses one without persistence, unless that is allowed', async () => {
    await expect(check({ appendOnly: false })).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('or accept that loss with --allow-volatile'),
    });
    await expect(check({ appendOnly: false }, { allowVolatile: true })).resolves.toMatchObject({ persistence: 'none' });
  });

  it('refuses an evicting one even where volatile is allowed', async () => {
    const evicting = { appendOnly: false, extraArguments: ['--maxmemory-policy', 'volatile-ttl'] };
    await expect(check(evicting, { allowVolatile: true })).rejects.toMatchObject({ code: 'REDIS_UNSUITABLE' });
  });

  it('tells snapshots from an append-only file', async () => {
    await expect(check({ appendOnly: false, extraArguments: ['--save', '60', '1'] })).resolves.toMatchObject({ persistence: 'rdb' });
  });

  it('assumes no snapshots where CONFIG is refused, as managed services do', async () => {
    const refusing = { appendOnly: false, extraArguments: ['--save', '60', '1', '--rename-command', 'CONFIG', ''] };
    await expect(check(refusing)).rejects.toMatchObject({ code: 'REDIS_UNSUITABLE' });
    await expect(check({ extraArguments: ['--rename-command', 'CONFIG', ''] })).resolves.toMatchObject({ persistence: 'aof' });
  });

  it('refuses a cluster', async () => {
    await expect(check({ extraArguments: ['--cluster-enabled', 'yes'] })).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('runs in cluster mode'),
    });
  });
});

async function check(server: RedisServerOptions, options?: PreflightOptions) {
  await using redis = await startRedisServer(server);
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  return await preflight(session, options);
}
