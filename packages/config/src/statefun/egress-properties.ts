/** The properties of the Kinesis Producer Library that an egress may set; names are case-sensitive. */
import type { HttpClientSettings } from '../model/aws.ts';
import { type AggregationSettings, defaultWriterSettings, type WriterSettings } from '../model/egress.ts';
import type { Secret } from '../model/secret.ts';
import { ownValue } from '../yaml/own-value.ts';
import { guardProperties, type Property } from './properties.ts';
import {
  type ApplyOptions,
  anyText,
  applyProperty,
  checkedOnly,
  choice,
  nonNegative,
  type PropertyRule,
  rule,
  truth,
  wholeNumber,
} from './property-table.ts';
import type { SpecReader } from './spec-reader.ts';

export interface ProducerSettings {
  readonly aggregation: AggregationSettings;
  readonly writer: WriterSettings;
  readonly http: HttpClientSettings;
  readonly host: string;
  readonly port: number;
}

type Rule = PropertyRule<ProducerSettings>;

/** KPL's and Flink's defaults: records wait 100 ms for others to share an aggregate, and live 30 s. */
const DEFAULTS: ProducerSettings = {
  aggregation: { enabled: true, by: 'key', maxCount: 4_294_967_295, maxBytes: 51_200 },
  writer: { ...defaultWriterSettings, maxBytesPerRequest: 5_242_880, maxBufferedMs: 100 },
  http: {},
  host: '',
  port: 443,
};

const aggregation = (settings: ProducerSettings, change: Partial<AggregationSettings>): ProducerSettings => ({
  ...settings,
  aggregation: { ...settings.aggregation, ...change },
});
const writer = (settings: ProducerSettings, change: Partial<WriterSettings>): ProducerSettings => ({
  ...settings,
  writer: { ...settings.writer, ...change },
});
const http = (settings: ProducerSettings, change: HttpClientSettings): ProducerSettings => ({
  ...settings,
  http: { ...settings.http, ...change },
});

const aggregationMaxCount: Rule = rule(wholeNumber(1, Number.MAX_SAFE_INTEGER), (settings, maxCount) =>
  aggregation(settings, { maxCount }),
);
const collectionMaxCount: Rule = rule(wholeNumber(1, 500), (settings, maxRecordsPerRequest) => writer(settings, { maxRecordsPerRequest }));

const rules: Readonly<Record<string, Rule>> = {
  AggregationEnabled: rule(truth, (settings, enabled) => aggregation(settings, { enabled })),
  AggregationMaxCount: aggregationMaxCount,
  AggregationMaxSize: rule(wholeNumber(64, 1_048_576), (settings, maxBytes) => aggregation(settings, { maxBytes })),
  CollectionMaxCount: collectionMaxCount,
  CollectionMaxSize: rule(wholeNumber(52_224, Number.MAX_SAFE_INTEGER), (settings, maxBytesPerRequest) =>
    writer(settings, { maxBytesPerRequest }),
  ),
  RecordMaxBufferedTime: rule(nonNegative, (settings, maxBufferedMs) => writer(settings, { maxBufferedMs })),
  RecordTtl: rule(wholeNumber(100, Number.MAX_SAFE_INTEGER), (settings, recordTtlMs) => writer(settings, { recordTtlMs })),
  RequestTimeout: rule(wholeNumber(100, 600_000), (settings, requestTimeoutMs) => http(settings, { requestTimeoutMs })),
  ConnectTimeout: rule(wholeNumber(100, 300_000), (settings, connectTimeoutMs) => http(settings, { connectTimeoutMs })),
  MaxConnections: rule(wholeNumber(1, 256), (settings, maxConnections) => http(settings, { maxConnections })),
  RateLimit: rule(wholeNumber(1, Number.MAX_SAFE_INTEGER), (settings, rateLimit) => writer(settings, { rateLimit })),
  FailIfThrottled: rule(truth, (settings, failIfThrottled) => writer(settings, { failIfThrottled })),
  KinesisEndpoint: rule(anyText, (settings, host) => ({ ...settings, host })),
  KinesisPort: rule(wholeNumber(1, 65_535), (settings, port) => ({ ...settings, port })),
  VerifyCertificate: rule(truth, (settings, verify) => http(settings, { trustAllCertificates: !verify })),
  'aws.producer.collectionMaxCount': collectionMaxCount,
  'aws.producer.aggregationMaxCount': aggregationMaxCount,
};

/** Checked, and without effect: the Kinesis Producer Library is built in another way. */
const ineffective: Readonly<Record<string, Rule>> = {
  MinConnections: checkedOnly(wholeNumber(1, 16)),
  ThreadingModel: checkedOnly(choice('PER_REQUEST', 'POOLED')),
  ThreadPoolSize: checkedOnly(nonNegative),
  CloudwatchEndpoint: checkedOnly(anyText),
  CloudwatchPort: checkedOnly(wholeNumber(1, 65_535)),
  MetricsLevel: checkedOnly(choice('none', 'summary', 'detailed')),
  MetricsGranularity: checkedOnly(choice('global', 'stream', 'shard')),
  MetricsNamespace: checkedOnly(anyText),
  MetricsUploadDelay: checkedOnly(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  LogLevel: checkedOnly(choice('trace', 'debug', 'info', 'warning', 'error')),
  NativeExecutable: checkedOnly(anyText),
  TempDirectory: checkedOnly(anyText),
  EnableCoreDumps: checkedOnly(truth),
  CredentialsRefreshDelay: checkedOnly(nonNegative),
};

/** Why one of them has no effect, where that is worth knowing. */
const BECAUSE: Readonly<Record<string, string>> = {
  MinConnections: ': connections are opened as they are needed and kept alive',
  MetricsLevel: ': the workers serve Prometheus metrics',
  LogLevel: ': set `sluice.log.level`',
  CredentialsRefreshDelay: ': credentials are refreshed before they expire',
};

const OPTIONS: ApplyOptions = {
  what: 'property of the Kinesis producer',
  unknownIsError: false,
  names: [...Object.keys(rules), ...Object.keys(ineffective)],
};

export interface EgressProperties {
  readonly producer: ProducerSettings;
  readonly connectorProperties: Readonly<Record<string, string | Secret>>;
}

export function compileEgressProperties(properties: readonly Property[], { log }: SpecReader): EgressProperties {
  let producer = DEFAULTS;
  const connectorProperties: Record<string, string> = {};
  for (const property of properties) {
    const { key, keyNode, value } = property;
    connectorProperties[key] = value;
    if (key === 'Region' || key === 'aws.region' || key.startsWith('aws.credentials.provider')) {
      log.tolerate(
        'module.ineffective',
        keyNode.position,
        `\`${key}\` never takes effect: \`${key.startsWith('aws.c') ? 'awsCredentials' : 'awsRegion'}\`, or its default, is written over it`,
      );
      continue;
    }
    const without = ownValue(ineffective, key);
    if (without) log.warn('module.ineffective', keyNode.position, `\`${key}\` has no effect in Sluice${ownValue(BECAUSE, key) ?? ''}`);
    producer = applyProperty(producer, property, ownValue(rules, key) ?? without, OPTIONS, log);
  }
  return { producer, connectorProperties: guardProperties(connectorProperties) };
}
