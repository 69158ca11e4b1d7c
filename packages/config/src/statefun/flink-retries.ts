/** How often and how fast Flink's Kinesis consumer repeats a call that failed, by its properties. */
import type { ReaderSettings, RetriesOfReader, RetryNumbers } from '../model/reader.ts';
import { nonNegative, nonNegativeDecimal, type PropertyRule, type ReadValue, rule } from './property-table.ts';

type Rules = Readonly<Record<string, PropertyRule<ReaderSettings>>>;
type Call = keyof RetriesOfReader;

/** Flink's own pauses hold for what a user leaves out; the number of retries has no limit unless it is set. */
const DEFAULTS: Readonly<Record<Call, RetryNumbers>> = {
  getRecords: { baseMs: 300, maxMs: 1_000, factor: 1.5, maxRetries: undefined },
  getShardIterator: { baseMs: 300, maxMs: 1_000, factor: 1.5, maxRetries: undefined },
  listShards: { baseMs: 1_000, maxMs: 5_000, factor: 1.5, maxRetries: undefined },
};

const set = (call: Call, name: keyof RetryNumbers, read: ReadValue<number>): PropertyRule<ReaderSettings> =>
  rule(read, (reader, value) => ({
    ...reader,
    retries: { ...reader.retries, [call]: { ...DEFAULTS[call], ...reader.retries[call], [name]: value } },
  }));

const backoffOf = (prefix: string, call: Call): Rules => ({
  [`${prefix}.backoff.base`]: set(call, 'baseMs', nonNegative),
  [`${prefix}.backoff.max`]: set(call, 'maxMs', nonNegative),
  [`${prefix}.backoff.expconst`]: set(call, 'factor', nonNegativeDecimal),
});

const retriesOf = (prefix: string, call: Call): Rules => ({
  [`${prefix}.maxretries`]: set(call, 'maxRetries', nonNegative),
  ...backoffOf(prefix, call),
});

export const retryRules: Rules = {
  ...retriesOf('flink.shard.getrecords', 'getRecords'),
  ...retriesOf('flink.shard.getiterator', 'getShardIterator'),
  ...retriesOf('flink.list.shards', 'listShards'),
  // The older names of the same pauses.
  ...backoffOf('flink.stream.describe', 'listShards'),
};
