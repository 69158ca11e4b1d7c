import { findRedisBinary, installRedisBinary, RedisNotFoundError } from '@sluice/dev-redis';

/** Runs once before all tests: makes sure that integration tests find a `redis-server` to spawn. */
export default async function ensureRedis(): Promise<void> {
  if (!((await findRedisBinary()) ?? (await installRedisBinary()))) throw new RedisNotFoundError();
}
