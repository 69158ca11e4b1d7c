import type { FaultSettings } from './fault-settings.ts';

/**
 * Every kind of fault at once, each seldom enough that a sound client keeps going: what `--chaos` sets. With a seed the
 * same order of requests meets the same faults.
 */
export const CHAOS: FaultSettings = {
  '*': {
    errorRate: 0.02,
    errors: ['InternalFailure', 'ServiceUnavailable', 'LimitExceededException'],
    latencyMs: [0, 30],
    replyDelayMs: [1_000, 5_000],
    replyDelayRate: 0.005,
    cutReplyRate: 0.01,
    lostReplyRate: 0.01,
    lateRate: 0.005,
  },
  GetRecords: {
    errorRate: 0.02,
    errors: ['InternalFailure', 'ServiceUnavailable', 'ProvisionedThroughputExceededException', 'ExpiredIteratorException'],
    latencyMs: [0, 30],
    replyDelayMs: [1_000, 5_000],
    replyDelayRate: 0.005,
    bytesPerSecond: 8 * 1024 * 1024,
    cutReplyRate: 0.01,
    lostReplyRate: 0.01,
  },
  PutRecords: {
    errorRate: 0.02,
    errors: ['InternalFailure', 'ServiceUnavailable', 'ProvisionedThroughputExceededException'],
    latencyMs: [0, 30],
    replyDelayMs: [1_000, 5_000],
    replyDelayRate: 0.005,
    cutReplyRate: 0.01,
    lostReplyRate: 0.01,
    lateRate: 0.005,
    recordErrorRate: 0.01,
  },
  controlPlane: { lagMs: 2_000 },
};
