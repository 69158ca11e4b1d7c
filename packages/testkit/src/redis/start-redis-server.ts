import { RedisNotFoundError } from './errors.ts';
import { findRedisBinary, installRedisBinary } from './find-binary.ts';
import { isDockerThere, startRedisContainer } from './redis-container.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';
import { spawnRedis } from './spawn-redis.ts';

/**
 * Starts a Redis of our own: a binary on the PATH, else Docker, else one that is installed first (Debian and Ubuntu, as root).
 * @throws {RedisNotFoundError} none of these is possible
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = await findRedisBinary();
  if (binary) return spawnRedis(binary, options);
  if (await isDockerThere()) return startRedisContainer(options);
  const installed = await installRedisBinary(options.onNotice);
  if (!installed) throw new RedisNotFoundError();
  return spawnRedis(installed, options);
}

/** The Redis that the environment names in `REDIS_URL`, or one of our own. A given Redis is never stopped. */
export async function openDevRedis(env: NodeJS.ProcessEnv, options: RedisServerOptions = {}): Promise<{ url: string } & AsyncDisposable> {
  const given = env['REDIS_URL'];
  return given ? { url: given, [Symbol.asyncDispose]: async () => undefined } : startRedisServer(options);
}
