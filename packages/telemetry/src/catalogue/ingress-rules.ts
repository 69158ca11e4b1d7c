import type { EventOf } from '../events/events.ts';
import type { IngressEvent } from '../events/ingress-events.ts';
import type { EventRule, MetricRule } from './rules.ts';

type IngressRules = { readonly [Type in IngressEvent['type']]: EventRule<EventOf<Type>> };

/** Codes that a read or a look at a stream commonly fails with. */
const FAILURES = [
  'KINESIS_UNAVAILABLE',
  'KINESIS_TIMEOUT',
  'KINESIS_THROTTLED',
  'KINESIS_CREDENTIALS_EXPIRED',
  'KINESIS_ACCESS_DENIED',
  'STREAM_NOT_FOUND',
  'REDIS_NOT_READY',
];

const OF_STREAM = ['ingress', 'stream'] as const;

const lag = {
  name: 'sluice_ingress_lag_seconds',
  help: 'How far a shard reader is behind the tip of its shard. Grows while reads fail or wait for a full target, and ends with the reader.',
  kind: 'gauge',
  labels: ['ingress', 'stream', 'shard'],
  amount: 'lagSeconds',
  rollups: [
    {
      name: 'sluice_ingress_lag_max_seconds',
      help: 'The largest lag among the shards of a stream that this worker reads.',
      labels: OF_STREAM,
      by: 'max',
    },
    {
      name: 'sluice_ingress_lag_sum_seconds',
      help: 'The lags of the shards of a stream that this worker reads, added up.',
      labels: OF_STREAM,
      by: 'sum',
    },
  ],
} as const satisfies MetricRule<EventOf<'page.read'>>;

export const ingressRules: IngressRules = {
  'page.read': {
    level: undefined,
    message: 'page read',
    metrics: [
      { name: 'sluice_ingress_bytes_total', help: 'Data bytes read from a stream.', kind: 'counter', labels: OF_STREAM, amount: 'bytes' },
      lag,
    ],
  },
  'records.read': {
    level: undefined,
    message: 'records read',
    metrics: [
      {
        name: 'sluice_ingress_records_total',
        help: 'Records read from a stream, those of aggregates counted one by one.',
        kind: 'counter',
        labels: OF_STREAM,
        amount: 'records',
      },
    ],
  },
  'records.refused': {
    level: 'warn',
    message: 'records that cannot be unpacked are left out, as `on_error` of their ingress says',
    metrics: [
      {
        name: 'sluice_ingress_refused_records_total',
        help: 'Records that cannot be unpacked, and became dead letters or were dropped.',
        kind: 'counter',
        labels: [...OF_STREAM, 'action'],
        known: { action: ['dead_letter', 'drop'] },
        amount: 'records',
      },
    ],
  },
  'page.enqueued': {
    level: undefined,
    message: 'page enqueued',
    metrics: [
      {
        name: 'sluice_ingress_enqueued_records_total',
        help: 'Records put into lanes.',
        kind: 'counter',
        labels: ['ingress', 'target'],
        amount: 'records',
      },
    ],
  },
  'shard.subscribed': {
    level: 'debug',
    message: 'subscribed to a shard',
    metrics: [
      {
        name: 'sluice_ingress_subscriptions_total',
        help: 'Subscriptions to shards that began by enhanced fan-out. Each lasts five minutes at most.',
        kind: 'counter',
        labels: OF_STREAM,
      },
    ],
  },
  'shard.unsubscribed': {
    level: 'warn',
    message: 'no subscription to a shard; it is polled until the next try',
    metrics: [
      {
        name: 'sluice_ingress_subscriptions_failed_total',
        help: 'Subscriptions to shards that failed, or could not be had, after which the shard is polled.',
        kind: 'counter',
        labels: [...OF_STREAM, 'code'],
        known: { code: ['SUBSCRIPTION_DISPLACED', 'SUBSCRIPTION_IN_USE', 'CONSUMER_NOT_READY', ...FAILURES] },
      },
    ],
  },
  'checkpoint.moved': {
    level: 'debug',
    message: 'checkpoint moved',
    metrics: [{ name: 'sluice_checkpoints_total', help: 'Checkpoints written.', kind: 'counter', labels: OF_STREAM }],
  },
  'checkpoint.rewound': {
    level: 'warn',
    message: 'the stored checkpoint is not the one last written; reading continues from the stored one',
    metrics: [
      {
        name: 'sluice_checkpoints_rewound_total',
        help: 'Times that a reader went back to the stored checkpoint.',
        kind: 'counter',
        labels: OF_STREAM,
      },
    ],
  },
  'records.expired': {
    level: 'warn',
    message: "records after the checkpoint have left the stream's retention; those that were not read are lost to this ingress",
    metrics: [
      {
        name: 'sluice_ingress_gaps_total',
        help: "Times that reading continued after a checkpoint whose record had left the stream's retention.",
        kind: 'counter',
        labels: OF_STREAM,
      },
    ],
  },
  'stream.opened': { level: 'info', message: 'stream opened', metrics: [] },
  'stream.failed': {
    level: 'warn',
    message: 'cannot reach the stream or its lease rows; retrying',
    metrics: [
      {
        name: 'sluice_ingress_stream_failures_total',
        help: 'Failed attempts to describe a stream or list its shards, by error code.',
        kind: 'counter',
        labels: ['ingress', 'stream', 'code'],
        known: { code: FAILURES },
      },
    ],
  },
  'shards.reconciled': {
    level: 'debug',
    message: 'shards listed',
    metrics: [
      {
        name: 'sluice_ingress_shards',
        help: 'Shards that a stream lists, open and closed.',
        kind: 'gauge',
        labels: OF_STREAM,
        amount: 'shards',
      },
    ],
  },
  'shards.uncovered': {
    level: 'warn',
    message: 'some hash keys are covered by no shard that is still to be read; listing the shards again',
    metrics: [
      {
        name: 'sluice_ingress_uncovered_total',
        help: 'Times that hash keys were covered by no unfinished shard.',
        kind: 'counter',
        labels: OF_STREAM,
      },
    ],
  },
  'reader.started': {
    level: 'info',
    message: 'shard reader started',
    metrics: [{ name: 'sluice_ingress_readers_started_total', help: 'Shard readers started.', kind: 'counter', labels: OF_STREAM }],
  },
  'reader.ended': {
    level: 'info',
    message: 'shard reader ended',
    metrics: [
      {
        name: 'sluice_ingress_readers_ended_total',
        help: 'Shard readers that ended, by reason.',
        kind: 'counter',
        labels: ['ingress', 'stream', 'reason'],
        known: { reason: ['shardEnd', 'leaseLost', 'shutdown', 'failed'] },
      },
    ],
    ends: { gauges: [lag.name], labels: ['ingress', 'stream', 'shard'] },
  },
  'reader.paused': {
    level: 'debug',
    message: 'reader paused: its target is above the high-water mark',
    metrics: [{ name: 'sluice_ingress_pauses_total', help: 'Times that a reader met a full target.', kind: 'counter', labels: OF_STREAM }],
  },
  'stream.shared': {
    level: 'info',
    message: 'the number of ingresses that poll the stream has changed; they share its calls',
    metrics: [
      {
        name: 'sluice_ingress_stream_pollers',
        help: 'Ingresses of this Redis that poll the stream, this one included; 1 where there is no sample.',
        kind: 'gauge',
        labels: OF_STREAM,
        amount: 'readers',
      },
    ],
  },
  'batchCheck.failed': {
    level: 'warn',
    message: "check of an input's batch failed; it counts as false",
    metrics: [
      {
        name: 'sluice_ingress_batch_check_failures_total',
        help: "Checks of an input's batch policy that failed.",
        kind: 'counter',
        labels: OF_STREAM,
      },
    ],
  },
  'read.failed': {
    level: 'warn',
    message: 'read failed; retrying',
    metrics: [
      {
        name: 'sluice_ingress_failures_total',
        help: 'Failed reads by error code.',
        kind: 'counter',
        labels: ['ingress', 'stream', 'code'],
        known: { code: FAILURES },
      },
      lag,
    ],
  },
};
