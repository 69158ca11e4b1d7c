import {
  defaultAwsSettings,
  defaultFanOut,
  defaultReaderSettings,
  type Egress,
  type Ingress,
  type IngressStream,
  Secret,
  type SluiceConfig,
} from '@sluice/config';

const position = { file: 'module.yaml', line: 1, column: 1 };

export interface WorkerConfigOptions {
  readonly endpoint: string;
  readonly redisUrl: string;
  readonly stream: string;
  readonly lanes: number;
  readonly start?: Ingress['start'];
  readonly onError?: Ingress['onError'];
  readonly shardStarts?: IngressStream['shardStarts'];
  readonly highWaterRecords?: number;
  readonly discoveryIntervalMs?: number;
  readonly isFanOut?: boolean;
  readonly batching?: Ingress['batching'];
  readonly lease?: SluiceConfig['settings']['lease'];
}

/** The configuration of a worker that reads `stream` into the lanes of the egress `com.example/out`. */
export function workerConfig({
  endpoint,
  redisUrl,
  stream,
  lanes,
  start = { type: 'earliest' },
  shardStarts = {},
  onError = 'pass',
  highWaterRecords = 1_000_000,
  discoveryIntervalMs = 1_000,
  isFanOut = false,
  batching = undefined,
  lease = { ttlMs: 5_000, renewIntervalMs: 1_000 },
}: WorkerConfigOptions): SluiceConfig {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: new Secret('test'), sessionToken: undefined } as const;
  const targets = [{ type: 'egress', egressId: 'com.example/out', position }] as const;
  const ingress: Ingress = {
    ...{ id: 'com.example/in', position, processors: [], batching, connectorProperties: {} },
    aws: { ...defaultAwsSettings, region: 'eu-central-1', endpoint, credentials },
    ...{ start, onError },
    streams: [{ stream, shardIds: undefined, shardStarts, valueType: undefined, targets, position }],
    reader: {
      ...defaultReaderSettings,
      shardDiscoveryIntervalMs: discoveryIntervalMs,
      fanOut: isFanOut ? { ...defaultFanOut, position, consumer: 'app' } : undefined,
    },
  };
  return {
    ingresses: [ingress],
    egresses: [{ id: 'com.example/out', lanes } as Egress],
    endpoints: [],
    outputs: [],
    pipelines: [],
    settings: {
      ...{
        lanes,
        ordering: 'key',
        quotas: 'auto',
        aggregation: 'auto',
        aggregate: { maxCount: undefined, maxBytes: undefined, maxWaitMs: undefined },
        watcher: false,
        fanOut: { consumer: '', activationTimeoutMs: 60_000, maxPauseMs: 30_000 },
        host: '127.0.0.1',
        egresses: {},
        ingresses: {},
        httpIngress: undefined,
        commands: { allowed: [], timeoutMs: 10_000, maxOutputBytes: 1 },
      },
      deadLetters: { output: undefined, maxAgeMs: undefined, maxBytes: undefined },
      redis: {
        ...{ url: redisUrl, username: undefined, password: undefined, sentinel: undefined, clusterNodes: undefined },
        ...{ prefix: 'sluice', connectTimeoutMs: 5_000, allowVolatile: false },
        tls: {
          enabled: false,
          caFile: undefined,
          certFile: undefined,
          keyFile: undefined,
          serverName: undefined,
          rejectUnauthorized: true,
        },
      },
      backpressure: {
        ...{ highWaterBytes: 1024 ** 3, lowWaterBytes: 1024 ** 2 },
        ...{ highWaterRecords, lowWaterRecords: Math.floor(highWaterRecords / 2) },
      },
      lease,
      ports: { board: 0, ingressWorker: 0, egressWorker: 0, functionWorker: 0 },
      board: { login: undefined, readOnly: false, payloads: false, allowedHosts: [] },
      functions: { maxInFlight: 1_024, onFailure: 'park', originHeaders: false, types: {} },
      log: {
        ...{ level: 'warn', format: 'json', timestamp: true, fields: {}, file: undefined, repeatsPerMinute: 0 },
        names: { level: 'level', time: 'time', message: 'msg' },
      },
      metrics: { names: 'sluice', otlp: undefined },
      tracing: undefined,
      // Long enough to finish what is in hand on the slowest machine: how long a stop takes is for the tests to judge.
      shutdown: { delayMs: 0, timeoutMs: 60_000 },
    },
  };
}
