import { RedisNotFoundError } from './errors.ts';
import { findRedisBinary, installRedisBinary } from './find-binary.ts';
import { isDockerThere, startRedisContainer } from './redis-container.ts';
import { spawnRedis } from './spawn-redis.ts';

export interface RedisServerOptions {
  /** A free port where absent. */
  readonly port?: number;
  /** Where the append-only file lives. A temporary folder, removed at the end, where absent. */
  readonly directory?: string;
  /** `true` (the default) keeps an append-only file, flushed to disk every second. */
  readonly appendOnly?: boolean;
  /** Hears what takes long before Redis is there, such as its installation. */
  readonly onNotice?: (text: string) => void;
  /** Further `redis-server` arguments, such as `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly extraArguments?: readonly string[];
}

/** A Redis of our own on 127.0.0.1. Disposing ends it. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Ends it: `SIGTERM` lets Redis write its files, `SIGKILL` is a crash. The directory stays, so that a new server can go on from it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

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
