/** The properties of Flink's Kinesis consumer that an ingress may set. */
import type { ReaderSettings } from '../model/reader.ts';
import { ownValue } from '../yaml/own-value.ts';
import { retryRules } from './flink-retries.ts';
import {
  anyText,
  checkedOnly,
  choice,
  nonNegative,
  nonNegativeDecimal,
  type PropertyRule,
  type ReadValue,
  rule,
  truth,
  wholeNumber,
} from './property-table.ts';

type Rule = PropertyRule<ReaderSettings>;
type Rules = Readonly<Record<string, Rule>>;

export const PUBLISHER = 'flink.stream.recordpublisher';
export const publisher = choice('EFO', 'POLLING');

export const CONSUMER_NAME = 'flink.stream.efo.consumername';
export const REGISTRATION = 'flink.stream.efo.registration';
/** Followed by the name of a stream. */
export const CONSUMER_ARN = 'flink.stream.efo.consumerarn.';

export const flinkRules: Rules = {
  'flink.shard.getrecords.maxrecordcount': rule(wholeNumber(1, 10_000), (settings, maxRecordsPerRead) => ({
    ...settings,
    maxRecordsPerRead,
  })),
  'flink.shard.getrecords.intervalmillis': rule(wholeNumber(0, 299_999), (settings, pollIntervalMs) => ({ ...settings, pollIntervalMs })),
  'flink.shard.discovery.intervalmillis': rule(nonNegative, (settings, value) => ({
    ...settings,
    shardDiscoveryIntervalMs: Math.max(value, 1_000),
  })),
  'flink.shard.adaptivereads': rule(truth, (settings, adaptiveReads) => ({ ...settings, adaptiveReads })),
  ...retryRules,
};

const consumerName: ReadValue<string> = (value) =>
  /^[\w.-]{1,128}$/.test(value) ? { value } : { expected: 'a name of up to 128 letters, digits, `_`, `.` and `-`' };

const consumerArn: ReadValue<string> = (value) =>
  /^arn:[^:]*:kinesis:[^:]*:[^:]*:stream\/[^/]+\/consumer\/./.test(value)
    ? { value }
    : { expected: 'the ARN of a consumer, such as `arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/app:1700000000`' };

const backoff = (prefix: string): Rules => ({
  [`${prefix}.backoff.base`]: checkedOnly(nonNegative),
  [`${prefix}.backoff.max`]: checkedOnly(nonNegative),
  [`${prefix}.backoff.expconst`]: checkedOnly(nonNegativeDecimal),
});

const retries = (prefix: string): Rules => ({ [`${prefix}.maxretries`]: checkedOnly(nonNegative), ...backoff(prefix) });

export const SUBSCRIBE_MAX_PAUSE = 'flink.shard.subscribetoshard.backoff.max';

/** Of enhanced fan-out, where it is asked for. */
const fanOutRules: Rules = {
  [CONSUMER_NAME]: checkedOnly(consumerName),
  [REGISTRATION]: checkedOnly(choice('LAZY', 'EAGER', 'NONE')),
  [SUBSCRIBE_MAX_PAUSE]: checkedOnly(nonNegative),
};

/** Of enhanced fan-out too: checked, as the original checks them. */
const fanOutChecks: Rules = {
  'flink.stream.efo.http-client': checkedOnly(anyText),
  'flink.stream.efo.http-client.max-concurrency': checkedOnly(nonNegative),
  'flink.stream.efo.http-client.read-timeout': checkedOnly(nonNegative),
  'flink.shard.subscribetoshard.maxretries': checkedOnly(nonNegative),
  'flink.shard.subscribetoshard.backoff.base': checkedOnly(nonNegative),
  'flink.shard.subscribetoshard.backoff.expconst': checkedOnly(nonNegativeDecimal),
  'flink.shard.subscribetoshard.timeout': checkedOnly(nonNegative),
  ...retries('flink.stream.registerstreamconsumer'),
  'flink.stream.registerstreamconsumer.timeout': checkedOnly(nonNegative),
  ...retries('flink.stream.deregisterstreamconsumer'),
  'flink.stream.deregisterstreamconsumer.timeout': checkedOnly(nonNegative),
  ...retries('flink.stream.describestreamconsumer'),
};

const FAN_OUT_RETRIES = `: a call of enhanced fan-out that fails is tried again without end, at pauses of up to \`${SUBSCRIBE_MAX_PAUSE}\`, and shards are polled meanwhile`;

/** Stateful Functions has no watermarks, and Sluice finds idle shards by itself. */
const others: Rules = {
  'flink.shard.idle.interval': checkedOnly(anyText),
  'flink.watermark.lookahead.millis': checkedOnly(anyText),
  'flink.watermark.sync.interval': checkedOnly(anyText),
  'flink.watermark.sync.queue.capacity': checkedOnly(anyText),
  'flink.stream.initpos.timestamp.format': checkedOnly(anyText),
};

/** Every name, for suggestions. */
export const flinkNames: readonly string[] = [
  ...Object.keys(flinkRules),
  ...Object.keys(fanOutRules),
  ...Object.keys(fanOutChecks),
  PUBLISHER,
];

export interface Ineffective {
  readonly rule: Rule;
  /** Why it has no effect; empty where the name says it. */
  readonly because: string;
  /** Its rule is for enhanced fan-out alone, where it has an effect. */
  readonly isOfFanOut: boolean;
}

/**
 * The rule of a property that is checked and changes nothing.
 * @param isFanOut enhanced fan-out is asked for
 */
export function ineffectiveFlink(key: string, isFanOut: boolean): Ineffective | undefined {
  const fanOut = key.startsWith(CONSUMER_ARN) ? checkedOnly<ReaderSettings>(consumerArn) : ownValue(fanOutRules, key);
  // The original looks at their values only where they have an effect.
  if (fanOut) return { rule: isFanOut ? fanOut : checkedOnly(anyText), because: ` without \`${PUBLISHER}: EFO\``, isOfFanOut: true };
  const checked = ownValue(fanOutChecks, key);
  if (checked) return { rule: checked, because: isFanOut ? FAN_OUT_RETRIES : ` without \`${PUBLISHER}: EFO\``, isOfFanOut: false };
  const other = ownValue(others, key);
  return other && { rule: other, because: '', isOfFanOut: false };
}
