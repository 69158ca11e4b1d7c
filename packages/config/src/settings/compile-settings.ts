import type {
  AggregateLimits,
  BoardSettings,
  CollectorSettings,
  EgressOverride,
  FunctionSettings,
  IngressOverride,
  LogSettings,
  RedisSettings,
  SluiceSettings,
  StreamOverride,
} from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { readSection } from '../schema/read-section.ts';
import { MapNode } from '../yaml/node.ts';
import { compileDeadLetters } from './compile-dead-letters.ts';
import { type SettingsFields, settingsSchema } from './schema.ts';

/** The settings of `node` (what stands under `sluice:`) or their defaults. */
export function compileSettings(node: MapNode, log: ProblemLog): SluiceSettings {
  const { value, sound } = readSection(settingsSchema, node, 'sluice', log);
  const fields = value ?? sound ?? settingsSchema.parse({});
  refuseCluster(node, fields, log);
  return {
    redis: compileRedis(fields.redis),
    lanes: fields.lanes,
    ordering: fields.ordering,
    quotas: fields.quotas,
    aggregation: fields.aggregation,
    aggregate: compileAggregate(fields.aggregate),
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
      functionWorker: fields.ports.function_worker,
    },
    board: compileBoard(fields.board),
    watcher: fields.watcher,
    fanOut: {
      consumer: fields.fan_out.consumer,
      activationTimeoutMs: fields.fan_out.activation_timeout,
      maxPauseMs: fields.fan_out.max_pause,
    },
    log: compileLog(fields.log),
    metrics: {
      names: fields.metrics.names,
      otlp: compileOtlp(fields.metrics.otlp, { intervalMs: fields.metrics.otlp.interval }),
    },
    tracing: compileOtlp(fields.tracing, { ratio: fields.tracing.ratio, attributes: fields.tracing.attributes }),
    shutdown: {
      delayMs: fields.shutdown.delay,
      timeoutMs: fields.shutdown.timeout,
    },
    deadLetters: compileDeadLetters(fields.dead_letters, node, log),
    commands: {
      allowed: fields.commands.allowed,
      timeoutMs: fields.commands.timeout,
      maxOutputBytes: fields.commands.max_output,
    },
    functions: compileFunctions(fields.functions),
    httpIngress: fields.http_ingress,
    egresses: Object.fromEntries(Object.entries(fields.egresses).map(([id, override]) => [id, compileOverride(override)])),
    ingresses: Object.fromEntries(Object.entries(fields.ingresses).map(([id, override]) => [id, compileIngressOverride(override)])),
  };
}

const compileLog = ({ level, format, timestamp, names, fields, file, repeats }: SettingsFields['log']): LogSettings => ({
  ...{ level, format, timestamp, names, fields, file, repeatsPerMinute: repeats },
});

/** `undefined` where no collector is named. */
const compileOtlp = <More extends object>(
  { endpoint, headers }: Pick<SettingsFields['tracing'], 'endpoint' | 'headers'>,
  more: More,
): (CollectorSettings & More) | undefined => (endpoint === undefined ? undefined : { endpoint, headers, ...more });

const compileBoard = ({ login, read_only: readOnly, payloads, allowed_hosts: allowedHosts }: SettingsFields['board']): BoardSettings => ({
  login: login && compileLogin(login),
  ...{ readOnly, payloads, allowedHosts },
});

/** The schema makes sure that one of the two is complete, or that nothing is set. */
function compileLogin(login: NonNullable<SettingsFields['board']['login']>): BoardSettings['login'] {
  const { username, password, password_file: passwordFile, proxy_header: header, proxy_addresses: addresses } = login;
  if (username !== undefined) return { type: 'basic', username, password: password ?? { file: passwordFile! } };
  return header === undefined ? undefined : { type: 'proxy', header, addresses: addresses! };
}

const compileFunctions = (fields: SettingsFields['functions']): FunctionSettings => ({
  maxInFlight: fields.max_in_flight,
  onFailure: fields.on_failure,
  originHeaders: fields.origin_headers,
  types: Object.fromEntries(Object.entries(fields.types).map(([type, { on_failure: onFailure }]) => [type, { onFailure }])),
});

const compileAggregate = ({ max_count, max_bytes, max_wait }: SettingsFields['aggregate']): AggregateLimits => ({
  ...{ maxCount: max_count, maxBytes: max_bytes, maxWaitMs: max_wait },
});

const compileOverride = ({ stream, lanes, ordering, ...fields }: SettingsFields['egresses'][string]): EgressOverride => ({
  ...{ stream, lanes, ordering, aggregation: fields.aggregation },
  aggregate: compileAggregate(fields.aggregate),
  oversize: compileOversize(fields.oversize.s3),
});

type StreamFields = SettingsFields['ingresses'][string]['streams'][string];

const compileIngressOverride = ({ start, fan_out: fanOut, streams, ...fields }: SettingsFields['ingresses'][string]): IngressOverride => ({
  ...{ start, fanOut, onError: fields.on_error },
  streams: Object.fromEntries(Object.entries(streams).map(([stream, override]) => [stream, compileStreamOverride(override)])),
});

const compileStreamOverride = ({ start, shards, region, role, role_external_id: externalId }: StreamFields): StreamOverride => ({
  ...{ start, shards, region },
  assumeRole: role === undefined ? undefined : { arn: role, externalId },
});

function compileOversize({
  bucket,
  prefix = '',
  endpoint,
  force_path_style_urls: isPathStyle,
}: SettingsFields['egresses'][string]['oversize']['s3']): EgressOverride['oversize'] {
  return bucket === undefined ? undefined : { bucket, prefix, endpoint, isPathStyle };
}

function refuseCluster(node: MapNode, fields: SettingsFields, log: ProblemLog): void {
  if (!fields.redis.cluster) return;
  const redis = node.get('redis');
  const cluster = redis instanceof MapNode ? redis.get('cluster') : undefined;
  log.error(
    'worker.unsupported',
    (cluster ?? node).position,
    '`redis.cluster`: Sluice does not run on Redis Cluster; set `redis.url`, or `redis.sentinel` for fail-over (docs/decisions/0002)',
  );
}

function compileRedis(fields: SettingsFields['redis']): RedisSettings {
  const { url, username, password } = fields.url;
  const { tls, sentinel, cluster } = fields;
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
