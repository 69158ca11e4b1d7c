/** The properties of Flink's Kinesis consumer that an ingress may set. */
import { defaultFanOutSettings, type FanOutSettings, type ReaderRetry, type ReaderSettings } from '../model/reader.ts';
import {
  anyText,
  checkedOnly,
  choice,
  nonNegative,
  nonNegativeDecimal,
  type PropertyRule,
  rule,
  truth,
  wholeNumber,
} from './property-table.ts';

type Rule = PropertyRule<ReaderSettings>;

const fanOut = (settings: ReaderSettings, change: Partial<FanOutSettings>): ReaderSettings => ({
  ...settings,
  fanOut: { ...defaultFanOutSettings, ...settings.fanOut, ...change },
});

type ChangeRetry = (settings: ReaderSettings, change: Partial<ReaderRetry>) => ReaderSettings;

const readerRetry =
  (name: 'getRecordsRetry' | 'getShardIteratorRetry' | 'listShardsRetry'): ChangeRetry =>
  (settings, change) => ({ ...settings, [name]: { ...settings[name], ...change } });

const fanOutRetry =
  (name: 'subscribeRetry' | 'registerRetry' | 'deregisterRetry' | 'describeRetry'): ChangeRetry =>
  (settings, change) =>
    fanOut(settings, { [name]: { ...(settings.fanOut ?? defaultFanOutSettings)[name], ...change } });

const retryRules = (prefix: string, retry: ChangeRetry): Record<string, Rule> => ({
  [`${prefix}.maxretries`]: rule(nonNegative, (settings, maxRetries) => retry(settings, { maxRetries })),
  ...backoffRules(prefix, retry),
});

const backoffRules = (prefix: string, retry: ChangeRetry): Record<string, Rule> => ({
  [`${prefix}.backoff.base`]: rule(nonNegative, (settings, baseMs) => retry(settings, { baseMs })),
  [`${prefix}.backoff.max`]: rule(nonNegative, (settings, maxMs) => retry(settings, { maxMs })),
  [`${prefix}.backoff.expconst`]: rule(nonNegativeDecimal, (settings, factor) => retry(settings, { factor })),
});

const seconds = (name: 'subscribeTimeoutMs' | 'registerTimeoutMs' | 'deregisterTimeoutMs'): Rule =>
  rule(nonNegative, (settings, value) => fanOut(settings, { [name]: value * 1_000 }));

/** Fan-out properties change nothing until `flink.stream.recordpublisher` is `EFO`; see `compile-ingress.ts`. */
export const flinkRules: Readonly<Record<string, Rule>> = {
  'flink.shard.getrecords.maxrecordcount': rule(wholeNumber(1, 10_000), (settings, maxRecordsPerRead) => ({
    ...settings,
    maxRecordsPerRead,
  })),
  'flink.shard.getrecords.intervalmillis': rule(wholeNumber(0, 299_999), (settings, pollIntervalMs) => ({ ...settings, pollIntervalMs })),
  ...retryRules('flink.shard.getrecords', readerRetry('getRecordsRetry')),
  ...retryRules('flink.shard.getiterator', readerRetry('getShardIteratorRetry')),
  ...backoffRules('flink.stream.describe', readerRetry('listShardsRetry')),
  ...retryRules('flink.list.shards', readerRetry('listShardsRetry')),
  'flink.shard.discovery.intervalmillis': rule(nonNegative, (settings, value) => ({
    ...settings,
    shardDiscoveryIntervalMs: Math.max(value, 1_000),
  })),
  'flink.shard.adaptivereads': rule(truth, (settings, adaptiveReads) => ({ ...settings, adaptiveReads })),
  'flink.stream.efo.consumername': rule(anyText, (settings, consumerName) => fanOut(settings, { consumerName })),
  'flink.stream.efo.registration': rule(choice('LAZY', 'EAGER', 'NONE'), (settings, value) =>
    fanOut(settings, { registration: value === 'LAZY' ? 'lazy' : value === 'EAGER' ? 'eager' : 'none' }),
  ),
  'flink.stream.efo.http-client.max-concurrency': rule(nonNegative, (settings, maxConcurrency) => fanOut(settings, { maxConcurrency })),
  'flink.stream.efo.http-client.read-timeout': rule(nonNegative, (settings, readTimeoutMs) => fanOut(settings, { readTimeoutMs })),
  ...retryRules('flink.shard.subscribetoshard', fanOutRetry('subscribeRetry')),
  'flink.shard.subscribetoshard.timeout': seconds('subscribeTimeoutMs'),
  ...retryRules('flink.stream.registerstreamconsumer', fanOutRetry('registerRetry')),
  'flink.stream.registerstreamconsumer.timeout': seconds('registerTimeoutMs'),
  ...retryRules('flink.stream.deregisterstreamconsumer', fanOutRetry('deregisterRetry')),
  'flink.stream.deregisterstreamconsumer.timeout': seconds('deregisterTimeoutMs'),
  ...retryRules('flink.stream.describestreamconsumer', fanOutRetry('describeRetry')),
};

/** Checked by name and without meaning here: Stateful Functions has no watermarks, and Sluice finds idle shards by itself. */
export const ineffectiveFlink: Readonly<Record<string, Rule>> = {
  'flink.shard.idle.interval': checkedOnly(anyText),
  'flink.watermark.lookahead.millis': checkedOnly(anyText),
  'flink.watermark.sync.interval': checkedOnly(anyText),
  'flink.watermark.sync.queue.capacity': checkedOnly(anyText),
  'flink.stream.initpos.timestamp.format': checkedOnly(anyText),
  'flink.stream.efo.http-client': checkedOnly(anyText),
};

export const publisher = choice('EFO', 'POLLING');

const CONSUMER_ARN = 'flink.stream.efo.consumerarn.';

/** `flink.stream.efo.consumerarn.<stream>` */
export const consumerArnRule = (key: string): Rule | undefined =>
  key.startsWith(CONSUMER_ARN)
    ? rule(anyText, (settings, arn) =>
        fanOut(settings, { consumerArns: { ...settings.fanOut?.consumerArns, [key.slice(CONSUMER_ARN.length)]: arn } }),
      )
    : undefined;
