import type { RedisSettings } from '@sluice/config';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { startRedisProxy } from '@sluice/redis/testing';
import { startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { openRedis, redisSettingsOf } from './open-redis.ts';

describe('openRedis', () => {
  it('connects to a Redis that keeps what it is given', async () => {
    await using redis = await startRedisServer();
    await using session = await openRedis(settings(redis.url), options());
    await expect(session.client.ping()).resolves.toBe('PONG');
  });

  it('refuses one that evicts, and says what to change', async () => {
    await using redis = await startRedisServer({ extraArguments: ['--maxmemory-policy', 'allkeys-lru'] });
    await expect(openRedis(settings(redis.url), options())).rejects.toThrow(/noeviction/);
  });

  it('refuses one without persistence unless that is allowed', async () => {
    await using redis = await startRedisServer({ appendOnly: false });
    await expect(openRedis(settings(redis.url), options())).rejects.toThrow(/allow-volatile/);

    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
    await using _session = await openRedis({ ...settings(redis.url), allowVolatile: true }, { ...options(), logger });
    expect(warnings).toContain('redis keeps no append-only file: a crash of redis loses records');
  });

  it('waits for a Redis that goes away while it is examined', async () => {
    await using redis = await startRedisServer({ appendOnly: false });
    await using proxy = await startRedisProxy(redis.url);
    const dropped = proxy.dropNextRequest('save');
    await using session = await openRedis({ ...settings(proxy.url), allowVolatile: true }, options());
    await dropped;
    await expect(session.client.ping()).resolves.toBe('PONG');
  });

  it('refuses a cluster instead of taking one of its nodes for all', async () => {
    await expect(redisSettingsOf({ ...settings('redis://localhost'), clusterNodes: ['a:6379'] })).rejects.toMatchObject({
      code: 'REDIS_CLUSTER',
    });
  });

  it.each(['localhost:6379', 'http://localhost', 'nonsense with a secret'])('refuses %j as a URL without repeating it', async (url) => {
    const refusal = await redisSettingsOf(settings(url)).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: 'REDIS_URL_INVALID' });
    expect((refusal as Error).message).not.toContain('secret');
  });
});

const options = () => ({ logger: silentLogger, clock: systemClock, connectionName: 'test' });

const settings = (url: string): RedisSettings => ({
  url,
  username: undefined,
  password: undefined,
  tls: { enabled: false, caFile: undefined, certFile: undefined, keyFile: undefined, serverName: undefined, rejectUnauthorized: true },
  sentinel: undefined,
  clusterNodes: undefined,
  prefix: 'sluice',
  connectTimeoutMs: 1_000,
  allowVolatile: false,
});
