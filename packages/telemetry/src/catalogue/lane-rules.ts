import type { LaneEvent } from '../events/egress-events.ts';
import type { EventOf } from '../events/events.ts';
import { OF_EGRESS, REQUEST_FAILURES } from './egress-rules.ts';
import type { EventRule } from './rules.ts';

type LaneRules = { readonly [Type in LaneEvent['type']]: EventRule<EventOf<Type>> };

/** Codes of records that are commonly refused. */
const REJECTIONS = [
  'RECORD_REFUSED',
  'RECORD_TOO_LARGE',
  'RECORD_EXPIRED',
  'KEY_INTERPOLATION',
  'PROCESSING_FAILED',
  'INVALID_PARTITION_KEY',
];

export const laneRules: LaneRules = {
  'ack.lost': {
    level: 'warn',
    message: 'records are written, but Redis did not confirm it: they may be written again',
    metrics: [
      {
        name: 'sluice_egress_unacknowledged_records_total',
        help: 'Records written whose lane was lost before they were acknowledged: they may be written again.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
  'record.deadLettered': {
    level: 'warn',
    message: 'record moved to the dead letters',
    metrics: [
      {
        name: 'sluice_dead_letters_total',
        help: 'Records that can never succeed, by reason.',
        kind: 'counter',
        labels: ['egress', 'code'],
        known: { code: REJECTIONS },
      },
    ],
  },
  'lane.blocked': {
    level: 'warn',
    message: 'lane blocked: its retry budget is spent',
    metrics: [
      {
        name: 'sluice_lanes_blocked_total',
        help: 'Times that a lane was blocked, by reason.',
        kind: 'counter',
        labels: ['egress', 'code'],
        known: { code: [...REQUEST_FAILURES, 'RECORD_FAILED', 'PAYLOAD_MISSING'] },
      },
    ],
  },
  'lane.takenOver': {
    level: 'info',
    message: 'lane taken over',
    metrics: [{ name: 'sluice_lane_takeovers_total', help: 'Lanes taken over from another worker.', kind: 'counter', labels: OF_EGRESS }],
  },
  'replay.skipped': {
    level: 'debug',
    message: 'skipped records that were enqueued before',
    metrics: [
      {
        name: 'sluice_replayed_records_total',
        help: 'Records that the replay filter skipped.',
        kind: 'counter',
        labels: OF_EGRESS,
        amount: 'records',
      },
    ],
  },
  'lane.measured': {
    level: undefined,
    message: 'lanes measured',
    metrics: [
      {
        name: 'sluice_lane_records',
        help: 'Records waiting or in flight in all lanes of an egress.',
        kind: 'gauge',
        labels: OF_EGRESS,
        amount: 'records',
      },
      {
        name: 'sluice_lane_bytes',
        help: 'Bytes waiting or in flight in all lanes of an egress.',
        kind: 'gauge',
        labels: OF_EGRESS,
        amount: 'bytes',
      },
    ],
  },
  'lane.aged': {
    level: undefined,
    message: 'age of a lane measured',
    metrics: [
      {
        name: 'sluice_lane_oldest_seconds',
        help: 'How long the first job of a lane, and so its oldest record, has been in the lane. 0 for an empty lane. Of the lanes that this worker holds.',
        kind: 'gauge',
        labels: ['egress', 'lane'],
        amount: 'seconds',
      },
    ],
  },
  'lane.ageEnded': {
    level: undefined,
    message: 'age of a lane not known any more',
    metrics: [],
    ends: { gauges: ['sluice_lane_oldest_seconds'], labels: ['egress', 'lane'] },
  },
  'payload.missing': {
    level: 'error',
    message: 'a job has lost its payload or cannot be read: its lane waits for an operator',
    metrics: [
      {
        name: 'sluice_payloads_missing_total',
        help: 'Times that a lane met a job that has lost its payload or cannot be read.',
        kind: 'counter',
        labels: OF_EGRESS,
      },
    ],
  },
};
