import { DELIVERY_SECONDS } from '../duration-tally.ts';
import type { EventOf } from '../events/events.ts';
import type { EndpointEvent, FunctionEvent, TimerEvent } from '../events/function-events.ts';
import type { EventRule } from './rules.ts';

type FunctionRules = { readonly [Type in (FunctionEvent | EndpointEvent | TimerEvent)['type']]: EventRule<EventOf<Type>> };

/** Upper bounds of a request's duration, seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const FAILURES = ['FUNCTION_CALL_FAILED', 'FUNCTION_ANSWER_INVALID', 'FUNCTION_STATES_UNRESOLVED', 'TOKEN_PENDING'];

const OF_FUNCTION = ['function'] as const;

export const functionRules: FunctionRules = {
  'function.invoked': {
    level: undefined,
    message: 'function answered',
    metrics: [
      { name: 'sluice_function_requests_total', help: 'Requests to a function that were answered.', kind: 'counter', labels: OF_FUNCTION },
      {
        name: 'sluice_function_invocations_total',
        help: 'Messages of requests to a function that were answered.',
        kind: 'counter',
        labels: OF_FUNCTION,
        amount: 'messages',
      },
      {
        name: 'sluice_function_request_seconds',
        help: 'From the start of a request to a valid answer, retries included.',
        kind: 'histogram',
        labels: OF_FUNCTION,
        amount: 'seconds',
        buckets: SECONDS,
      },
      {
        name: 'sluice_function_delivery_seconds',
        help: 'From the arrival of a record in its source stream until the function answered it validly. Of messages that came from a stream.',
        kind: 'tally',
        labels: OF_FUNCTION,
        amount: 'delivered',
        buckets: DELIVERY_SECONDS,
      },
    ],
  },
  'function.failed': {
    level: 'warn',
    message: 'request to a function failed',
    metrics: [
      {
        name: 'sluice_function_failures_total',
        help: 'Requests to a function that failed for good, or whose answer cannot be applied, by error code and outcome.',
        kind: 'counter',
        labels: ['function', 'code', 'outcome'],
        known: { code: FAILURES, outcome: ['park', 'reject', 'tryAlone'] },
      },
    ],
  },
  'function.deadLettered': {
    level: 'warn',
    message: 'message moved to the dead letters',
    metrics: [
      {
        name: 'sluice_function_dead_letters_total',
        help: 'Messages for a function that became dead letters, by reason.',
        kind: 'counter',
        labels: ['function', 'code'],
        known: { code: FAILURES },
      },
    ],
  },
  'function.measured': {
    level: undefined,
    message: 'function measured',
    metrics: [
      {
        name: 'sluice_function_waiting_messages',
        help: 'Messages waiting or in flight in all lanes and mailboxes of a function.',
        kind: 'gauge',
        labels: OF_FUNCTION,
        amount: 'records',
      },
      {
        name: 'sluice_function_waiting_bytes',
        help: 'Bytes waiting or in flight in all lanes and mailboxes of a function.',
        kind: 'gauge',
        labels: OF_FUNCTION,
        amount: 'bytes',
      },
      {
        name: 'sluice_function_parked_addresses',
        help: 'Addresses of a function, in lanes of this worker, that wait after a failure.',
        kind: 'gauge',
        labels: OF_FUNCTION,
        amount: 'parked',
      },
      {
        name: 'sluice_function_in_flight',
        help: 'Open requests of this worker to a function.',
        kind: 'gauge',
        labels: OF_FUNCTION,
        amount: 'inFlight',
      },
      {
        name: 'sluice_function_delayed_messages',
        help: 'Messages for a function that are due later.',
        kind: 'gauge',
        labels: OF_FUNCTION,
        amount: 'delayed',
      },
    ],
  },
  'function.waiting': {
    level: 'warn',
    message: 'function cannot be served yet; retrying',
    metrics: [],
  },
  'function.laneTakenOver': {
    level: 'info',
    message: 'lane taken over',
    metrics: [
      {
        name: 'sluice_function_lane_takeovers_total',
        help: 'Lanes of a function taken over from another worker.',
        kind: 'counter',
        labels: OF_FUNCTION,
      },
    ],
  },
  'function.laneBlocked': {
    level: 'warn',
    message: 'lane blocked',
    metrics: [
      {
        name: 'sluice_function_lanes_blocked_total',
        help: 'Times that a lane of a function was blocked, by reason.',
        kind: 'counter',
        labels: ['function', 'code'],
        known: { code: ['PAYLOAD_MISSING', 'PAYLOAD_MALFORMED'] },
      },
    ],
  },
  'function.laneAged': {
    level: undefined,
    message: 'age of a lane measured',
    metrics: [
      {
        name: 'sluice_function_lane_oldest_seconds',
        help: 'How long the first job of a lane of a function has been in the lane. 0 for an empty lane. Of the lanes that this worker holds.',
        kind: 'gauge',
        labels: ['function', 'lane'],
        amount: 'seconds',
      },
    ],
  },
  'function.laneAgeEnded': {
    level: undefined,
    message: 'age of a lane not known any more',
    metrics: [],
    ends: { gauges: ['sluice_function_lane_oldest_seconds'], labels: ['function', 'lane'] },
  },
  'function.payloadMissing': {
    level: 'error',
    message: 'a job has lost its payload or cannot be read: its lane waits for an operator',
    metrics: [
      {
        name: 'sluice_function_payloads_missing_total',
        help: 'Times that a lane of a function met a job that has lost its payload or cannot be read.',
        kind: 'counter',
        labels: OF_FUNCTION,
      },
    ],
  },
  'function.replaySkipped': {
    level: 'debug',
    message: 'skipped messages that were enqueued before',
    metrics: [
      {
        name: 'sluice_function_replayed_messages_total',
        help: 'Messages for a function that the replay filter skipped.',
        kind: 'counter',
        labels: OF_FUNCTION,
        amount: 'records',
      },
    ],
  },
  'endpoint.adapted': {
    level: 'debug',
    message: 'number of requests adapted to how the endpoint answers',
    metrics: [
      {
        name: 'sluice_endpoint_max_in_flight',
        help: 'Most requests that this worker sends an endpoint at a time, where overload has changed it.',
        kind: 'gauge',
        labels: ['endpoint'],
        amount: 'limit',
      },
    ],
  },
  'delayed.fired': {
    level: undefined,
    message: 'delayed messages sent',
    metrics: [
      {
        name: 'sluice_delayed_messages_fired_total',
        help: 'Delayed messages that came due and were sent.',
        kind: 'counter',
        labels: [],
        amount: 'records',
      },
    ],
  },
  'delayed.failed': {
    level: 'warn',
    message: 'delayed messages could not be looked at; retrying',
    metrics: [
      {
        name: 'sluice_delayed_failures_total',
        help: 'Failed attempts to send delayed messages that are due, by error code.',
        kind: 'counter',
        labels: ['code'],
        known: { code: ['REDIS_NOT_READY', 'REDIS_EPOCH_MOVED', 'REDIS_REPLY_LOST'] },
      },
    ],
  },
};
