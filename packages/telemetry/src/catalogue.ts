import type { LogLevel } from '@sluice/core';

/** Numbers and names that an event carries. Never a payload, a key or a secret. */
export type EventFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What an event does to one metric. Labels must be bounded: a stream, a lane, a reason; never a sequence number. */
export interface MetricRule {
  readonly name: `sluice_${string}`;
  readonly help: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** The fact that holds the amount; a counter without one counts events. */
  readonly amount?: string;
  /** Upper bounds, for a histogram. */
  readonly buckets?: readonly number[];
}

export interface EventRule {
  /** The log line's level, or `undefined` for an event that is only counted. */
  readonly level: LogLevel | undefined;
  readonly message: string;
  readonly metrics: readonly MetricRule[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const counter = (name: MetricRule['name'], help: string, labels: readonly string[], amount?: string): MetricRule => ({
  name,
  help,
  kind: 'counter',
  labels,
  ...(amount ? { amount } : {}),
});

const gauge = (name: MetricRule['name'], help: string, labels: readonly string[], amount: string): MetricRule => ({
  name,
  help,
  kind: 'gauge',
  labels,
  amount,
});

/** Every event that Sluice tells, with its log line and its metrics. `docs/metrics.md` lists the same. */
export const catalogue = {
  'page.read': {
    level: undefined,
    message: 'page read',
    metrics: [
      counter('sluice_ingress_records_total', 'Records read from a stream.', ['ingress', 'stream'], 'records'),
      counter('sluice_ingress_bytes_total', 'Data bytes read from a stream.', ['ingress', 'stream'], 'bytes'),
      gauge(
        'sluice_ingress_lag_seconds',
        'How far a shard reader is behind the tip of its shard.',
        ['ingress', 'stream', 'shard'],
        'lagSeconds',
      ),
    ],
  },
  'page.enqueued': {
    level: undefined,
    message: 'page enqueued',
    metrics: [counter('sluice_ingress_enqueued_records_total', 'Records put into lanes.', ['ingress', 'target'], 'records')],
  },
  'checkpoint.moved': {
    level: 'debug',
    message: 'checkpoint moved',
    metrics: [counter('sluice_checkpoints_total', 'Checkpoints written.', ['ingress', 'stream'])],
  },
  'checkpoint.rewound': {
    level: 'warn',
    message: 'the stored checkpoint is not the one last written; reading goes on from the stored one',
    metrics: [
      counter('sluice_checkpoints_rewound_total', 'Times that a reader went back to the stored checkpoint.', ['ingress', 'stream']),
    ],
  },
  'records.expired': {
    level: 'warn',
    message: "what is behind the checkpoint has left the stream's retention; records in it that were not read are lost to this ingress",
    metrics: [
      counter('sluice_ingress_gaps_total', "Times that reading went on behind a checkpoint whose record had left the stream's retention.", [
        'ingress',
        'stream',
      ]),
    ],
  },
  'stream.opened': {
    level: 'info',
    message: 'stream opened',
    metrics: [],
  },
  'stream.failed': {
    level: 'warn',
    message: 'stream or its lease rows cannot be reached; it is tried again',
    metrics: [counter('sluice_ingress_stream_failures_total', 'Failed looks at a stream by error code.', ['ingress', 'stream', 'code'])],
  },
  'shards.reconciled': {
    level: 'debug',
    message: 'shards listed',
    metrics: [gauge('sluice_ingress_shards', 'Shards that a stream lists, open and closed.', ['ingress', 'stream'], 'shards')],
  },
  'shards.uncovered': {
    level: 'warn',
    message: 'some hash keys are covered by no shard that is still to be read; the shards are listed again',
    metrics: [
      counter('sluice_ingress_uncovered_total', 'Times that hash keys were covered by no unfinished shard.', ['ingress', 'stream']),
    ],
  },
  'reader.started': {
    level: 'info',
    message: 'shard reader started',
    metrics: [counter('sluice_ingress_readers_started_total', 'Shard readers started.', ['ingress', 'stream'])],
  },
  'reader.ended': {
    level: 'info',
    message: 'shard reader ended',
    metrics: [counter('sluice_ingress_readers_ended_total', 'Shard readers that ended, by reason.', ['ingress', 'stream', 'reason'])],
  },
  'reader.paused': {
    level: 'debug',
    message: 'reader paused: its target is above the high-water mark',
    metrics: [counter('sluice_ingress_pauses_total', 'Times that a reader met a full target.', ['ingress', 'stream'])],
  },
  'read.failed': {
    level: 'warn',
    message: 'read failed; it is tried again',
    metrics: [counter('sluice_ingress_failures_total', 'Failed reads by error code.', ['ingress', 'stream', 'code'])],
  },
  'lease.claimed': {
    level: 'info',
    message: 'lease claimed',
    metrics: [counter('sluice_leases_claimed_total', 'Leases claimed.', ['group'])],
  },
  'lease.lost': {
    level: 'info',
    message: 'lease lost',
    metrics: [counter('sluice_leases_lost_total', 'Leases lost by reason.', ['group', 'reason'])],
  },
  'batch.flushed': {
    level: undefined,
    message: 'batch flushed',
    metrics: [counter('sluice_batches_flushed_total', 'Batches by what made them leave.', ['egress', 'mechanism'])],
  },
  'check.failed': {
    level: 'warn',
    message: 'batch check failed; it counts as false',
    metrics: [counter('sluice_batch_check_failures_total', 'Checks of a batch policy that failed.', ['egress'])],
  },
  'records.filtered': {
    level: undefined,
    message: 'processors left nothing of records',
    metrics: [counter('sluice_egress_filtered_records_total', 'Records of which processors left nothing.', ['egress'], 'records')],
  },
  'processing.failed': {
    level: 'debug',
    message: 'a processor failed for a message',
    metrics: [counter('sluice_egress_processing_failures_total', 'Messages that a processor failed for.', ['egress', 'processor'])],
  },
  'request.answered': {
    level: undefined,
    message: 'request answered',
    metrics: [
      counter('sluice_egress_requests_total', 'PutRecords calls answered.', ['egress']),
      counter('sluice_egress_records_total', 'Records that Kinesis confirmed.', ['egress'], 'written'),
      counter('sluice_egress_bytes_total', 'Data bytes that Kinesis confirmed.', ['egress'], 'bytes'),
      counter('sluice_egress_retried_records_total', 'Records that failed in part of a request and are tried again.', ['egress'], 'failed'),
      {
        name: 'sluice_egress_request_seconds',
        help: 'Duration of a PutRecords call.',
        kind: 'histogram',
        labels: ['egress'],
        amount: 'seconds',
        buckets: SECONDS,
      },
    ],
  },
  'request.failed': {
    level: 'warn',
    message: 'request failed; it is tried again',
    metrics: [counter('sluice_egress_failures_total', 'PutRecords calls that failed as a whole, by error code.', ['egress', 'code'])],
  },
  'request.ambiguous': {
    level: 'warn',
    message: 'answer lost: its records may be written twice',
    metrics: [counter('sluice_egress_ambiguous_records_total', 'Records of requests whose answer was lost.', ['egress'], 'records')],
  },
  'ack.lost': {
    level: 'warn',
    message: 'records are written, but Redis was not told: they may be written again',
    metrics: [
      counter(
        'sluice_egress_unacknowledged_records_total',
        'Records written whose lane was lost before they were acknowledged: they may be written again.',
        ['egress'],
        'records',
      ),
    ],
  },
  'record.deadLettered': {
    level: 'warn',
    message: 'record put among the dead letters',
    metrics: [counter('sluice_dead_letters_total', 'Records that can never succeed, by reason.', ['target', 'code'])],
  },
  'lane.blocked': {
    level: 'warn',
    message: 'lane blocked: its retry budget is spent',
    metrics: [counter('sluice_lanes_blocked_total', 'Times that a lane was blocked, by reason.', ['target', 'code'])],
  },
  'lane.takenOver': {
    level: 'info',
    message: 'lane taken over',
    metrics: [counter('sluice_lane_takeovers_total', 'Take-overs of a lane.', ['target'])],
  },
  'replay.skipped': {
    level: 'debug',
    message: 'records skipped that were handed on before',
    metrics: [counter('sluice_replayed_records_total', 'Records that the replay filter skipped.', ['target'], 'records')],
  },
  'lane.measured': {
    level: undefined,
    message: 'lane measured',
    metrics: [
      gauge('sluice_lane_records', 'Records waiting or active.', ['target'], 'records'),
      gauge('sluice_lane_bytes', 'Bytes waiting or active.', ['target'], 'bytes'),
    ],
  },
  'redis.lost': {
    level: 'warn',
    message: 'connection to Redis lost; every lease is given up',
    metrics: [counter('sluice_redis_connections_lost_total', 'Connections to Redis that were lost.', [])],
  },
  'payload.missing': {
    level: 'error',
    message: 'a job has lost its payload or cannot be read: its lane waits for an operator',
    metrics: [
      counter('sluice_payloads_missing_total', 'Times that a lane met a job that has lost its payload or cannot be read.', ['target']),
    ],
  },
} as const satisfies Record<string, EventRule>;

export type EventType = keyof typeof catalogue;
export type TelemetryEvent = { readonly type: EventType } & EventFacts;
