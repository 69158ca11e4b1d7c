import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { freePort, startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { redisForRun } from './redis-for-run.ts';

it('starts a Redis where none is configured and none is there, says that it keeps nothing, and ends it', async () => {
  const told: string[] = [];
  const redis = await redisForRun(await configOf(), { tell: (line) => told.push(line) });
  expect(told).toEqual([
    expect.stringMatching(/^no Redis is configured and none is at .*: started one at redis:\/\/127\.0\.0\.1:\d+ that keeps nothing/),
  ]);
  await using session = await connectRedis({ url: redis!.url }, { logger: silentLogger, clock: systemClock });
  expect(await session.client.ping()).toBe('PONG');
  await redis![Symbol.asyncDispose]();
  await redis!.ended;
});

it.each([
  ['a file', 'sluice: {redis: {url: "redis://127.0.0.1:1"}}\n', {}],
  ['the environment', '', { SLUICE_REDIS_URL: 'redis://127.0.0.1:1' }],
  ['Sentinel', 'sluice: {redis: {sentinel: {master: m, nodes: ["h:1"]}}}\n', {}],
])('starts none where %s says where Redis is', async (_, text, env) => {
  expect(await redisForRun(compileConfig([{ name: 'c.yaml', text }], { env }), { tell: unexpected })).toBeUndefined();
});

it('starts none where one is at the default address', async () => {
  await using server = await startRedisServer();
  expect(await redisForRun(await configOf(server.port), { tell: unexpected })).toBeUndefined();
});

it('says so where it can start none', async () => {
  const told: string[] = [];
  expect(await redisForRun(await configOf(), { tell: (line) => told.push(line), path: import.meta.dirname })).toBeUndefined();
  expect(told).toEqual([expect.stringMatching(/no redis-server or valkey-server on the PATH: waiting for one$/)]);
});

/** A configuration that names no Redis, with another port for the default address. */
async function configOf(port?: number) {
  const { config, effective } = compileConfig([], { env: {} });
  const url = `redis://127.0.0.1:${port ?? (await freePort())}`;
  return { config: { ...config, settings: { ...config.settings, redis: { ...config.settings.redis, url } } }, effective };
}

const unexpected = (line: string) => {
  throw new Error(`not expected: ${line}`);
};
