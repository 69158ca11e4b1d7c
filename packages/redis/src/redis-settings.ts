import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { RedisOptions } from 'ioredis';
import { RedisSettingsError } from './errors.ts';
import { TcpConnector } from './tcp-connector.ts';

export interface RedisSettings {
  /** `redis://[user:password@]host[:port][/database]`; `rediss://` for TLS. With {@link sentinel} its host names nothing and may be `sentinel`. */
  readonly url: string;
  /** Passed to Node's TLS where the URL begins with `rediss://`: `ca`, `cert`, `key`, `servername`, … */
  readonly tls?: ConnectionOptions;
  /** Ask these sentinels who the master called `name` is, at each connection. */
  readonly sentinel?: RedisSentinelSettings;
  /** Shown by Redis's `CLIENT LIST`. */
  readonly connectionName?: string;
  /** Longest time a connection may take to open, milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number;
  /**
   * A connection on which a command waits this long for any byte is given up, milliseconds.
   * @default 5000, as long as a lease: what comes later is of no use
   */
  readonly replyTimeoutMs?: number;
}

export interface RedisSentinelSettings {
  readonly name: string;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_REPLY_TIMEOUT_MS = 5_000;

/** The settings as ioredis wants them, and where that is, without the password, for messages. */
export interface ParsedRedisSettings {
  readonly location: string;
  readonly options: RedisOptions;
}

/** @throws {RedisSettingsError} the URL is no Redis URL */
export function parseRedisSettings({
  url,
  tls,
  sentinel,
  connectionName,
  connectTimeoutMs,
  replyTimeoutMs,
}: RedisSettings): ParsedRedisSettings {
  const parsed = parseUrl(url);
  const isTls = parsed.protocol === 'rediss:';
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const options: RedisOptions = {
    host,
    port: Number(parsed.port || 6379),
    db: parseDatabase(parsed.pathname),
    connectTimeout: connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    socketTimeout: replyTimeoutMs ?? DEFAULT_REPLY_TIMEOUT_MS,
    ...(parsed.username && { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password && { password: decodeURIComponent(parsed.password) }),
    ...(isTls && { tls: { ...(isIP(host) === 0 && { servername: host }), ...tls } }),
    ...(connectionName && { connectionName }),
  };
  if (!sentinel) {
    const location = `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
    return { location, options: isTls ? options : { ...options, Connector: TcpConnector } };
  }
  const nodes = sentinel.nodes.map(({ host, port }) => ({ host, port }));
  return {
    location: `sentinel ${sentinel.name} (${nodes.map(({ host, port }) => `${host}:${port}`).join(', ')})`,
    options: {
      ...options,
      name: sentinel.name,
      sentinels: nodes,
      enableTLSForSentinelMode: isTls,
      ...(sentinel.username && { sentinelUsername: sentinel.username }),
      ...(sentinel.password && { sentinelPassword: sentinel.password }),
    },
  };
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (!parsed?.hostname || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.search) {
    throw new RedisSettingsError(
      `expected a Redis URL such as redis://host:6379 or rediss://user:password@host:6379/0, got ${JSON.stringify(withoutPassword(url))}`,
    );
  }
  return parsed;
}

/** What stands between the scheme and the last @ may be a password, however malformed the rest is. */
const withoutPassword = (url: string): string => url.replace(/^([a-z+]*:\/\/)?.*@/is, '$1***@');

function parseDatabase(pathname: string): number {
  const match = /^\/?(\d*)$/.exec(pathname);
  if (!match) throw new RedisSettingsError(`expected a database number at the end of the Redis URL, got ${JSON.stringify(pathname)}`);
  return Number(match[1]);
}
