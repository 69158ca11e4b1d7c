import type { RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { connectTo } from './fixtures.ts';

export interface TestRedis {
  readonly redis: RedisServer;
  readonly session: RedisSession;
  /** A name that no other test uses. */
  readonly target: string;
}

/** Starts a Redis for the tests of a file, and hands it over before each test. */
export function useRedis(name: string, handOver: (it: TestRedis) => void): void {
  let redis: RedisServer;
  let session: RedisSession;
  let tests = 0;
  beforeAll(async () => {
    redis = await startRedisServer();
    session = await connectTo(redis.url);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    tests += 1;
    handOver({ redis, session, target: `${name}-${tests}` });
  });
}
