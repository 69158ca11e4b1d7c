import { describe, expect, it } from 'vitest';
import { load } from './testing/load-text.ts';

/**
 * Every property that the originals' connectors know (Flink's `ConsumerConfigConstants`, the AWS client's `ClientConfiguration`, the
 * producer's `KinesisProducerConfiguration`), with a value that is not its default. None is accepted in silence: it changes what a worker
 * is given, or a problem names it.
 */
const CONSUMER: Readonly<Record<string, string>> = {
  'flink.shard.getrecords.maxrecordcount': '500',
  'flink.shard.getrecords.intervalmillis': '1000',
  'flink.shard.getrecords.maxretries': '5',
  'flink.shard.getrecords.backoff.base': '100',
  'flink.shard.getrecords.backoff.max': '2000',
  'flink.shard.getrecords.backoff.expconst': '2',
  'flink.shard.getiterator.maxretries': '5',
  'flink.shard.getiterator.backoff.base': '100',
  'flink.shard.getiterator.backoff.max': '2000',
  'flink.shard.getiterator.backoff.expconst': '2',
  'flink.shard.discovery.intervalmillis': '20000',
  'flink.list.shards.maxretries': '5',
  'flink.list.shards.backoff.base': '100',
  'flink.list.shards.backoff.max': '2000',
  'flink.list.shards.backoff.expconst': '2',
  'flink.stream.describe.backoff.base': '100',
  'flink.stream.describe.backoff.max': '2000',
  'flink.stream.describe.backoff.expconst': '2',
  'flink.shard.adaptivereads': 'true',
  'flink.stream.recordpublisher': 'EFO',
  'flink.stream.efo.consumername': 'me',
  'flink.stream.efo.registration': 'EAGER',
  'flink.stream.efo.consumerarn.s': 'arn',
  'flink.stream.efo.http-client': 'x',
  'flink.stream.efo.http-client.max-concurrency': '5',
  'flink.stream.efo.http-client.read-timeout': '5',
  ...retriesOf('flink.stream.registerstreamconsumer', 'timeout'),
  ...retriesOf('flink.stream.deregisterstreamconsumer', 'timeout'),
  ...retriesOf('flink.stream.describestreamconsumer'),
  ...retriesOf('flink.shard.subscribetoshard', 'timeout'),
  'flink.stream.initpos': 'TRIM_HORIZON',
  'flink.stream.initpos.timestamp': '1',
  'flink.stream.initpos.timestamp.format': 'x',
  'flink.shard.idle.interval': '5',
  'flink.watermark.lookahead.millis': '5',
  'flink.watermark.sync.interval': '5',
  'flink.watermark.sync.queue.capacity': '5',
  'aws.endpoint': 'http://localhost:4567',
  'aws.trust.all.certificates': 'true',
  'aws.region': 'eu-west-1',
  'aws.credentials.provider': 'BASIC',
  'aws.credentials.provider.basic.accesskeyid': 'x',
};

const CLIENT: Readonly<Record<string, string>> = {
  ...{ SocketTimeout: '1', RequestTimeout: '1', ClientExecutionTimeout: '1', ConnectionTimeout: '1', MaxConnections: '1' },
  ...{ ConnectionMaxIdleMillis: '1', ConnectionTTL: '1', UseTcpKeepAlive: 'true', MaxErrorRetry: '1', RetryMode: 'standard' },
  ...{ UseThrottleRetries: 'false', MaxConsecutiveRetriesBeforeThrottling: '1', ProxyHost: 'h', Protocol: 'HTTP', LocalAddress: '::1' },
  ...{ UserAgentPrefix: 'x', UserAgentSuffix: 'x', UserAgent: 'x', SignerOverride: 'x', UseGzip: 'true', UseReaper: 'false' },
  ...{ UseExpectContinue: 'false', CacheResponseMetadata: 'false', ResponseMetadataCacheSize: '1', ValidateAfterInactivityMillis: '1' },
  ...{ PreemptiveBasicProxyAuth: 'true', ProxyDomain: 'x', ProxyWorkstation: 'x', DisableSocketProxy: 'true' },
  ...{ DisableHostPrefixInjection: 'true', SocketSendBufferSizeHint: '1', SocketReceiveBufferSizeHint: '1' },
};

const PRODUCER: Readonly<Record<string, string>> = {
  ...{ AggregationEnabled: 'false', AggregationMaxCount: '5', AggregationMaxSize: '100', CollectionMaxCount: '5' },
  ...{ CollectionMaxSize: '60000', RecordMaxBufferedTime: '5', RecordTtl: '500', RequestTimeout: '500', ConnectTimeout: '500' },
  ...{ MaxConnections: '5', MinConnections: '5', RateLimit: '50', FailIfThrottled: 'true', KinesisEndpoint: 'h' },
  ...{ VerifyCertificate: 'false', ThreadingModel: 'PER_REQUEST', ThreadPoolSize: '5', CloudwatchEndpoint: 'h', CloudwatchPort: '1' },
  ...{ MetricsLevel: 'none', MetricsGranularity: 'stream', MetricsNamespace: 'x', MetricsUploadDelay: '5', LogLevel: 'debug' },
  ...{ NativeExecutable: 'x', TempDirectory: 'x', EnableCoreDumps: 'true', CredentialsRefreshDelay: '5', Region: 'x' },
  ...{ 'aws.producer.collectionMaxCount': '5', 'aws.producer.aggregationMaxCount': '5' },
};

const INGRESS = (properties: string) => `kind: io.statefun.kinesis.v1/ingress
spec: {id: a/in, streams: [{stream: s, valueType: v, targets: [a/out]}], clientConfigProperties: ${properties}}
---
kind: io.statefun.kinesis.v1/egress
spec: {id: a/out}
---
sluice: {egresses: {a/out: {stream: s}}}
`;
const EGRESS = (properties: string) => `kind: io.statefun.kinesis.v1/egress\nspec: {id: a/out, clientConfigProperties: ${properties}}\n`;

describe.each([
  ['an ingress', INGRESS, { ...CONSUMER, ...CLIENT }],
  ['an egress', EGRESS, PRODUCER],
])('each property of %s', (_, textOf, properties) => {
  it.each(Object.entries(properties))('is honoured or named: %s', (name, value) => {
    const given = load(textOf(JSON.stringify([{ [name]: value }])));
    const isNamed = given.problems.some(({ message }) => message.includes(name));
    const isHonoured = effectOf(given) !== effectOf(load(textOf('[]')));
    expect([name, isNamed || isHonoured]).toEqual([name, true]);
    expect(given.problems.filter(({ code }) => code === 'connector.unknown-property')).toEqual([]);
  });
});

/** All that a worker gets, but for the copy of what the original's connector would. */
const effectOf = ({ config }: ReturnType<typeof load>): string =>
  JSON.stringify([...config.ingresses, ...config.egresses], (key, value) =>
    key === 'connectorProperties' || key === 'position' ? undefined : value,
  );

function retriesOf(prefix: string, ...more: readonly string[]): Record<string, string> {
  const names = ['maxretries', 'backoff.base', 'backoff.max', 'backoff.expconst', ...more];
  return Object.fromEntries(names.map((name) => [`${prefix}.${name}`, '7']));
}
