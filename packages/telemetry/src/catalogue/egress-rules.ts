import { DELIVERY_SECONDS } from '../duration-tally.ts';
import type { EgressStateEvent, WriterEvent } from '../events/egress-events.ts';
import type { EventOf } from '../events/events.ts';
import type { EventRule } from './rules.ts';

type EgressRules = { readonly [Type in (EgressStateEvent | WriterEvent)['type']]: EventRule<EventOf<Type>> };

/** Upper bounds of a request's duration, seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Codes that a request commonly fails with. */
export const REQUEST_FAILURES = [
  'KINESIS_UNAVAILABLE',
  'KINESIS_TIMEOUT',
  'KINESIS_THROTTLED',
  'KINESIS_CREDENTIALS_EXPIRED',
  'KINESIS_ACCESS_DENIED',
  'STREAM_NOT_FOUND',
];

export const OF_EGRESS = ['egress'] as const;

export const egressRules: EgressRules = {
  'egress.opened': { level: 'info', message: 'egress writes', metrics: [] },
  'egress.waiting': {
    level: 'warn',
    message: 'egress cannot start yet; retrying',
    metrics: [],
  },
  'egress.failing': {
    level: 'error',
    message: 'egress is not ready: kinesis has answered no request for a while',
    metrics: [
      {
        name: 'sluice_egress_outages_total',
        help: 'Times that Kinesis answered no request for a while, by error code.',
        kind: 'counter',
        labels: ['egress', 'code'],
        known: { code: REQUEST_FAILURES },
      },
    ],
  },
  'egress.recovered': {
    level: 'info',
    message: 'egress is ready again: kinesis answers',
    metrics: [],
  },
  'egress.yielded': {
    level: 'warn',
    message: 'egress gives its lanes to other workers, because kinesis does not answer it',
    metrics: [
      {
        name: 'sluice_egress_yields_total',
        help: 'Times that an egress gave its lanes to other workers because Kinesis did not answer it.',
        kind: 'counter',
        labels: OF_EGRESS,
      },
    ],
  },
  'request.adapted': {
    level: 'warn',
    message: 'time-out and size of requests adapted to how the endpoint answers',
    metrics: [
      {
        name: 'sluice_egress_request_timeout_seconds',
        help: 'How long a PutRecords call may take, where time-outs have changed it.',
        kind: 'gauge',
        labels: OF_EGRESS,
        amount: 'timeoutSeconds',
      },
      {
        name: 'sluice_egress_request_max_records',
        help: 'Most records in a PutRecords call, where time-outs have changed it.',
        kind: 'gauge',
        labels: OF_EGRESS,
        amount: 'maxRecords',
      },
    ],
  },
  'batch.flushed': {
    level: undefined,
    message: 'batch flushed',
    metrics: [
      {
        name: 'sluice_batches_flushed_total',
        help: 'Batches by what made them leave.',
        kind: 'counter',
        labels: ['egress', 'mechanism'],
        known: { mechanism: ['count', 'size', 'check', 'period', 'shutdown', 'memory'] },
      },
    ],
  },
  'check.failed': {
    level: 'warn',
    message: 'batch check failed; it counts as false',
    metrics: [
      { name: 'sluice_batch_check_failures_total', help: 'Checks of a batch policy that failed.', kind: 'counter', labels: OF_EGRESS },
    ],
  },
  'records.filtered': {
    level: undefined,
    message: 'processors left nothing of records',
    metrics: [
      {
        name: 'sluice_egress_filtered_records_total',
        help: 'Records of which processors left nothing.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
  'processor.ran': { level: undefined, message: 'processor went over a batch', metrics: [] },
  'processing.failed': {
    level: 'debug',
    message: 'a processor failed for a message',
    metrics: [
      {
        name: 'sluice_egress_processing_failures_total',
        help: 'Messages that a processor failed for.',
        kind: 'counter',
        labels: ['egress', 'processor'],
      },
    ],
  },
  'request.answered': {
    level: undefined,
    message: 'request answered',
    metrics: [
      { name: 'sluice_egress_requests_total', help: 'PutRecords calls answered.', kind: 'counter', labels: OF_EGRESS },
      {
        name: 'sluice_egress_records_total',
        help: 'Records that Kinesis confirmed.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'written',
      },
      {
        name: 'sluice_egress_bytes_total',
        help: 'Data bytes that Kinesis confirmed.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'bytes',
      },
      {
        name: 'sluice_egress_retried_records_total',
        help: 'Records that failed in part of a request and are retried.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'failed',
      },
      {
        name: 'sluice_egress_throttled_records_total',
        help: 'Of the retried records, those that Kinesis throttled.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'throttled',
      },
      {
        name: 'sluice_egress_request_seconds',
        help: 'Duration of a PutRecords call.',
        kind: 'histogram',
        labels: OF_EGRESS,
        amount: 'seconds',
        buckets: SECONDS,
      },
      {
        name: 'sluice_delivery_seconds',
        help: 'From the arrival of a record in its source stream until Kinesis confirmed it. Of records that came from a stream.',
        kind: 'tally',
        labels: OF_EGRESS,
        amount: 'delivered',
        buckets: DELIVERY_SECONDS,
      },
    ],
  },
  'request.failed': {
    level: 'warn',
    message: 'request failed; retrying',
    metrics: [
      {
        name: 'sluice_egress_failures_total',
        help: 'PutRecords calls that failed as a whole, by error code.',
        kind: 'counter',
        labels: ['egress', 'code'],
        known: { code: REQUEST_FAILURES },
      },
    ],
  },
  'records.reordered': {
    level: 'warn',
    message: 'request failed in part: records passed an earlier one of their key',
    metrics: [
      {
        name: 'sluice_egress_reordered_records_total',
        help: 'Records written before an earlier one of their key that shared their request and failed.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
  'budget.awaited': {
    level: undefined,
    message: 'records waited for budget of their shards',
    metrics: [
      {
        name: 'sluice_egress_budget_wait_record_seconds_total',
        help: 'Time that records waited for budget of their shards, summed over records: its rate is how many wait on average.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'recordSeconds',
      },
    ],
  },
  'records.misplaced': {
    level: 'info',
    message: 'the stream was resharded: aggregated records are written again to the shards that they belong to',
    metrics: [
      {
        name: 'sluice_egress_misplaced_records_total',
        help: 'Records that were written again because a reshard had moved their aggregate to a shard that not all of them belong to.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
  'record.offloaded': {
    level: 'debug',
    message: 'record was too large: its data were put elsewhere',
    metrics: [
      {
        name: 'sluice_egress_offloaded_records_total',
        help: 'Records that were too large for their stream, and whose data were put into a bucket.',
        kind: 'counter',
        labels: OF_EGRESS,
      },
      {
        name: 'sluice_egress_offloaded_bytes_total',
        help: 'Data bytes of those records.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'bytes',
      },
    ],
  },
  'offload.failed': {
    level: 'warn',
    message: 'data of a record that is too large could not be put elsewhere; trying again',
    metrics: [
      {
        name: 'sluice_egress_offload_failures_total',
        help: 'Failed attempts to put the data of a record that is too large into a bucket, by error code.',
        kind: 'counter',
        labels: ['egress', 'code'],
        known: { code: ['OBJECT_STORE_FAILED'] },
      },
    ],
  },
  'request.ambiguous': {
    level: 'warn',
    message: 'answer lost: its records may be written twice',
    metrics: [
      {
        name: 'sluice_egress_ambiguous_records_total',
        help: 'Records of requests whose answer was lost.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
};
