import type { DeadLetterEvent } from '../events/dead-letter-events.ts';
import type { EventOf } from '../events/events.ts';
import type { EventRule } from './rules.ts';

type DeadLetterRules = { readonly [Type in DeadLetterEvent['type']]: EventRule<EventOf<Type>> };

const OF_TARGET = ['target'] as const;

export const deadLetterRules: DeadLetterRules = {
  'deadLetters.sent': {
    level: 'info',
    message: 'dead letters sent on',
    metrics: [
      {
        name: 'sluice_dead_letters_sent_total',
        help: 'Dead letters that the output confirmed, and that left Redis.',
        kind: 'counter',
        labels: OF_TARGET,
        amount: 'records',
      },
    ],
  },
  'deadLetter.kept': {
    level: 'error',
    message: 'the output never takes this dead letter: it stays in Redis',
    metrics: [
      {
        name: 'sluice_dead_letters_kept_total',
        help: 'Dead letters that the output never takes, by reason. They stay in Redis; each worker that starts tries them once more.',
        kind: 'counter',
        labels: ['target', 'code'],
        known: { code: ['DEAD_LETTER_TOO_LARGE', 'DEAD_LETTER_REFUSED', 'DEAD_LETTER_BROKEN'] },
      },
    ],
  },
  'deadLetters.failing': {
    level: 'warn',
    message: 'dead letters could not be sent on; they stay in Redis and are sent again after a pause',
    metrics: [
      {
        name: 'sluice_dead_letters_output_failures_total',
        help: 'Failed attempts to send dead letters on, by error code.',
        kind: 'counter',
        labels: ['code'],
        known: { code: ['DEAD_LETTER_OUTPUT_FAILED'] },
      },
    ],
  },
  'deadLetters.recovered': {
    level: 'info',
    message: 'dead letters are sent on again',
    metrics: [],
  },
  'deadLetters.measured': {
    level: undefined,
    message: 'dead letters measured',
    metrics: [
      {
        name: 'sluice_dead_letters_records',
        help: 'Dead letters of a target that are in Redis. Measured by one worker, where they have an output or a limit.',
        kind: 'gauge',
        labels: OF_TARGET,
        amount: 'records',
      },
      {
        name: 'sluice_dead_letters_bytes',
        help: 'Bytes of Redis that they take, about.',
        kind: 'gauge',
        labels: OF_TARGET,
        amount: 'bytes',
      },
      {
        name: 'sluice_dead_letters_oldest_seconds',
        help: 'Age of the oldest of them; 0 where there is none.',
        kind: 'gauge',
        labels: OF_TARGET,
        amount: 'seconds',
      },
      {
        name: 'sluice_dead_letters_limit_ratio',
        help: 'Share of `max_age` or `max_bytes` that they have reached, whichever is larger. At 1 the target is paused.',
        kind: 'gauge',
        labels: OF_TARGET,
        amount: 'share',
      },
    ],
  },
  'deadLetters.measureEnded': {
    level: undefined,
    message: 'dead letters are measured by another worker',
    metrics: [],
    ends: {
      gauges: [
        'sluice_dead_letters_records',
        'sluice_dead_letters_bytes',
        'sluice_dead_letters_oldest_seconds',
        'sluice_dead_letters_limit_ratio',
      ],
      labels: OF_TARGET,
    },
  },
  'deadLetters.growing': {
    level: 'warn',
    message: 'dead letters have reached half of a limit; at the limit their target is paused',
    metrics: [],
  },
  'deadLetters.targetPaused': {
    level: 'error',
    message: 'target paused: its dead letters have reached a limit',
    metrics: [
      {
        name: 'sluice_dead_letters_pauses_total',
        help: 'Times that a target was paused because its dead letters reached a limit.',
        kind: 'counter',
        labels: ['target', 'limit'],
        known: { limit: ['max_age', 'max_bytes'] },
      },
    ],
  },
  'deadLetters.targetResumed': {
    level: 'info',
    message: 'target resumed: its dead letters are below their limits again',
    metrics: [],
  },
  'deadLetters.measureFailed': {
    level: 'warn',
    message: 'dead letters could not be measured; measured again later',
    metrics: [
      {
        name: 'sluice_dead_letters_measure_failures_total',
        help: 'Failed attempts to measure dead letters, by error code.',
        kind: 'counter',
        labels: ['code'],
        known: { code: ['REDIS_NOT_READY', 'REDIS_EPOCH_MOVED', 'REDIS_REPLY_LOST'] },
      },
    ],
  },
};
