import type { SourcePosition } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { EgressOverride, RedisSettings, SluiceSettings } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { readSection } from '../schema/read-section.ts';
import type { MapNode } from '../yaml/node.ts';
import { type SettingsFields, settingsSchema } from './schema.ts';

/** The settings of `node` (what stands under `sluice:`) or their defaults. */
export function compileSettings(node: MapNode, log: ProblemLog): SluiceSettings {
  const { value, leaves } = readSection(settingsSchema, node, 'sluice', log);
  const fields = value ?? settingsSchema.parse({});
  return {
    redis: compileRedis(fields.redis, leaves.find(({ path }) => path === 'sluice.redis.url')?.node.position ?? node.position, log),
    lanes: fields.lanes,
    ordering: fields.ordering,
    aggregation: fields.aggregation,
    backpressure: {
      highWaterBytes: fields.backpressure.high_water_bytes,
      lowWaterBytes: fields.backpressure.low_water_bytes,
      highWaterRecords: fields.backpressure.high_water_records,
      lowWaterRecords: fields.backpressure.low_water_records,
    },
    lease: { ttlMs: fields.lease.ttl, renewIntervalMs: fields.lease.renew },
    host: fields.host,
    ports: {
      board: fields.ports.board,
      ingressWorker: fields.ports.ingress_worker,
      egressWorker: fields.ports.egress_worker,
    },
    log: {
      level: fields.log.level,
      format: fields.log.format,
    },
    shutdown: {
      delayMs: fields.shutdown.delay,
      timeoutMs: fields.shutdown.timeout,
    },
    egresses: Object.fromEntries(Object.entries(fields.egresses).map(([id, override]) => [id, compileOverride(override)])),
  };
}

const compileOverride = ({ stream, lanes, ordering, aggregation }: SettingsFields['egresses'][string]): EgressOverride => ({
  stream,
  lanes,
  ordering,
  aggregation,
});

function compileRedis(fields: SettingsFields['redis'], position: SourcePosition, log: ProblemLog): RedisSettings {
  const { url, username, password } = splitRedisUrl(fields.url, position, log);
  const { tls, sentinel, cluster } = fields;
  if (sentinel && cluster) log.error('field.value', position, '`redis.sentinel` and `redis.cluster` exclude each other');
  return {
    url,
    username: username ?? fields.username,
    password: password ?? fields.password,
    tls: {
      enabled: tls.enabled || url.startsWith('rediss:'),
      caFile: tls.ca_file,
      certFile: tls.cert_file,
      keyFile: tls.key_file,
      serverName: tls.server_name,
      rejectUnauthorized: !tls.skip_verify,
    },
    sentinel: sentinel && { master: sentinel.master, nodes: sentinel.nodes, username: sentinel.username, password: sentinel.password },
    clusterNodes: cluster,
    prefix: fields.prefix,
    connectTimeoutMs: fields.connect_timeout,
    allowVolatile: fields.allow_volatile,
  };
}

/** Takes user and password out of the URL, so that the URL may be printed. */
function splitRedisUrl(
  text: string,
  position: SourcePosition,
  log: ProblemLog,
): { url: string; username: string | undefined; password: Secret | undefined } {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^(?:\/\d*)?$/.test(url.pathname)) {
    log.error('field.value', position, '`redis.url`: expected `redis://host:port/db` or `rediss://host:port/db`, where `db` is a number');
    return { url: '', username: undefined, password: undefined };
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    username: username === '' ? undefined : decode(username),
    password: password === '' ? undefined : new Secret(decode(password)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
