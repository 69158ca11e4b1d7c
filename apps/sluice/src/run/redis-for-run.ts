import type { LoadedConfig } from '@sluice/config';
import { type EmbeddedRedis, isListening, startEmbeddedRedis } from './embedded-redis.ts';

/** Settings that say where Redis is. */
const PLACES: ReadonlySet<string> = new Set(['sluice.redis.url', 'sluice.redis.sentinel.master', 'sluice.redis.cluster']);

export interface RedisForRunOptions {
  readonly tell: (line: string) => void;
  /** Where programs are looked for. @default that of the environment */
  readonly path?: string;
}

/** A Redis of its own for a run whose configuration names none, where none is at the default address and one can be started. */
export async function redisForRun(
  { config, effective }: Pick<LoadedConfig, 'config' | 'effective'>,
  { tell, path }: RedisForRunOptions,
): Promise<EmbeddedRedis | undefined> {
  const isNamed = effective.some(({ values }) => values.some(({ path: name, source }) => PLACES.has(name) && source.type !== 'default'));
  const { url } = config.settings.redis;
  if (isNamed || (await isListening(url))) return undefined;
  const redis = await startEmbeddedRedis(path);
  if (redis)
    tell(
      `no Redis is configured and none is at ${url}: started one at ${redis.url} that keeps nothing on disk. Records that wait in it, and how far streams are read, are lost when this run ends or that Redis does; the next run begins where the input starts. Name a Redis with persistence with \`sluice.redis.url\` for what must not be lost`,
    );
  else tell(`no Redis is configured, none is at ${url}, and there is no redis-server or valkey-server on the PATH: waiting for one`);
  return redis;
}
