import { readFile } from 'node:fs/promises';
import type { RedisSettings as ConfiguredRedis, RedisTlsSettings } from '@sluice/config';
import { type Clock, isRetryable, type Logger, sleep, toErrorReport } from '@sluice/core';
import { connectRedis, noteFormats, preflight, type RedisFacts, type RedisSession, type RedisSettings } from '@sluice/redis';
import { RedisClusterError, RedisUrlError } from './errors.ts';

export interface OpenRedisOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Shown by Redis's `CLIENT LIST`. */
  readonly connectionName: string;
  /** Notes the formats that this release writes. @default false */
  readonly isWriter?: boolean;
}

/**
 * Connects and makes sure that this Redis will not forget or evict records. Waits for a Redis that is not there yet.
 * @throws {RedisUnsuitableError} it evicts, or keeps nothing on disk
 * @throws {FormatTooNewError} a later release has written to it what this one does not read
 */
export async function openRedis(redis: ConfiguredRedis, options: OpenRedisOptions): Promise<RedisSession> {
  const { logger, clock, signal, connectionName } = options;
  const settings = { ...(await redisSettingsOf(redis)), connectionName };
  const session = await connectRedis(settings, { logger, clock, ...(signal ? { signal } : {}) });
  try {
    const { persistence } = await examine(session, redis, options);
    if (persistence !== 'aof')
      logger.warn('redis keeps no append-only file: a crash of redis loses records', { persistence, redis: session.location });
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

const EXAMINE_AGAIN_MS = 200;

/** A Redis that goes away while it is examined is waited for, as one that was not there at all. */
async function examine(session: RedisSession, redis: ConfiguredRedis, options: OpenRedisOptions): Promise<RedisFacts> {
  const { clock, signal, logger, isWriter = false } = options;
  let told = '';
  while (true) {
    try {
      const facts = await preflight(session, { allowVolatile: redis.allowVolatile });
      if (isWriter) await noteFormats(session, redis.prefix);
      return facts;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      const { message: reason } = toErrorReport(error);
      if (reason !== told) logger.warn('redis does not serve yet; waiting', { reason });
      told = reason;
    }
    await sleep(clock, EXAMINE_AGAIN_MS, signal);
  }
}

/** The configured settings in the form of the session: user and password in the URL, files read. */
export async function redisSettingsOf(redis: ConfiguredRedis): Promise<RedisSettings> {
  if (redis.clusterNodes) throw new RedisClusterError();
  const url = parseRedisUrl(redis.url);
  if (redis.tls.enabled) url.protocol = 'rediss:';
  if (redis.username !== undefined) url.username = encodeURIComponent(redis.username);
  if (redis.password !== undefined) url.password = encodeURIComponent(redis.password.reveal());
  return {
    url: url.href,
    connectTimeoutMs: redis.connectTimeoutMs,
    ...(url.protocol === 'rediss:' ? { tls: await tlsOf(redis.tls) } : {}),
    ...(redis.sentinel ? { sentinel: sentinelOf(redis.sentinel) } : {}),
  };
}

function parseRedisUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:') throw new RedisUrlError();
  return url;
}

async function tlsOf({ caFile, certFile, keyFile, serverName, rejectUnauthorized }: RedisTlsSettings) {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file));
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)]);
  return {
    rejectUnauthorized,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(serverName ? { servername: serverName } : {}),
  };
}

function sentinelOf({
  master,
  nodes,
  username,
  password,
}: NonNullable<ConfiguredRedis['sentinel']>): NonNullable<RedisSettings['sentinel']> {
  return {
    name: master,
    nodes: nodes.map((node) => {
      const [host = '', port = '26379'] = node.split(':');
      return { host, port: Number(port) };
    }),
    ...(username ? { username } : {}),
    ...(password ? { password: password.reveal() } : {}),
  };
}
