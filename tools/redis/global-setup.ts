import { findRedisBinary, installRedisBinary, isDockerThere, RedisNotFoundError } from '@sluice/testkit';

/** Runs once before all tests: makes sure that integration tests have a Redis to start. */
export default async function ensureRedis(): Promise<void> {
  const isThere = (await findRedisBinary()) ?? ((await isDockerThere()) || (await installRedisBinary()));
  if (!isThere) throw new RedisNotFoundError();
}
