import { readFileSync } from 'node:fs';
import type { RedisSettings as ConfiguredRedis, RedisTlsSettings, SentinelSettings } from '@sluice/config';
import { type RedisSentinelSettings, type RedisSettings, RedisSettingsError } from '@sluice/lease';

/**
 * The configured Redis as a session takes it.
 * @throws {RedisSettingsError} it is a cluster, or a certificate file cannot be read
 */
export function toRedisSettings(configured: ConfiguredRedis, overridingUrl?: string): RedisSettings {
  if (overridingUrl !== undefined) return { url: overridingUrl };
  if (configured.clusterNodes) throw new RedisSettingsError('redis cluster is not supported: use a single redis or sentinel');
  const { url, sentinel, tls } = configured;
  return {
    url: withCredentials(url, configured),
    ...(tls.enabled && { tls: tlsOptions(tls) }),
    ...(sentinel && { sentinel: toSentinel(sentinel) }),
  };
}

function withCredentials(url: string, { username, password, tls }: ConfiguredRedis): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  if (username) parsed.username = encodeURIComponent(username);
  if (password) parsed.password = encodeURIComponent(password.reveal());
  if (tls.enabled) return parsed.href.replace(/^redis:/, 'rediss:');
  return parsed.href;
}

const tlsOptions = ({
  caFile,
  certFile,
  keyFile,
  serverName,
  rejectUnauthorized,
}: RedisTlsSettings): NonNullable<RedisSettings['tls']> => ({
  rejectUnauthorized,
  ...(caFile && { ca: read(caFile) }),
  ...(certFile && { cert: read(certFile) }),
  ...(keyFile && { key: read(keyFile) }),
  ...(serverName && { servername: serverName }),
});

const toSentinel = ({ master, nodes, username, password }: SentinelSettings): RedisSentinelSettings => ({
  name: master,
  nodes: nodes.map(toNode),
  ...(username && { username }),
  ...(password && { password: password.reveal() }),
});

function toNode(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return colon > 0 ? { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) } : { host: text, port: 26_379 };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new RedisSettingsError(`cannot read ${file} of the redis tls settings: ${(error as Error).message}`, { cause: error });
  }
}
