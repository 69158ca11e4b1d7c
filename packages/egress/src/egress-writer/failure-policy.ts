/** What follows from a failure of a record, or of a whole request. Pure. */
import { type BackoffPolicy, isBackoffSpent, type SluiceError } from '@sluice/core';
import { CredentialsUnavailableError } from '@sluice/credentials';
import { isBlocked, KinesisCredentialsExpiredError, KinesisTimeoutError, KinesisUnavailableError } from '@sluice/kinesis';
import { RecordExpiredError, RecordFailedError, RecordRefusedError } from '../errors.ts';
import { THROTTLED } from '../shard-budget/outlet.ts';
import type { RecordInHand } from './record-in-hand.ts';

export interface RetryRules {
  readonly backoff: BackoffPolicy;
  /** Age at which a record that still is not written is rejected; `undefined` = never. */
  readonly recordTtlMs: number | undefined;
  /** A throttled record is rejected at once. */
  readonly failIfThrottled: boolean;
}

const REFUSED = new Set(['ValidationException', 'InvalidArgumentException', 'SerializationException']);

/** The error for a record that failed inside an answered request. Every code but a validation one may pass. */
export function recordError(errorCode: string, errorMessage: string, stream: string, { failIfThrottled }: RetryRules): SluiceError {
  const isRefused = REFUSED.has(errorCode) || (failIfThrottled && errorCode === THROTTLED);
  return isRefused ? new RecordRefusedError(errorCode, errorMessage, stream) : new RecordFailedError(errorCode, errorMessage, stream);
}

/** Whether a failed request says that Kinesis does not serve this worker at all. Being asked to slow down is an answer. */
export const isOutage = (error: SluiceError): boolean =>
  error instanceof KinesisTimeoutError ||
  error instanceof KinesisUnavailableError ||
  error instanceof CredentialsUnavailableError ||
  error instanceof KinesisCredentialsExpiredError ||
  isBlocked(error);

export type Verdict = { readonly type: 'retry' } | { readonly type: 'spent' } | { readonly type: 'reject'; readonly reason: SluiceError };

const RETRY: Verdict = { type: 'retry' };
const SPENT: Verdict = { type: 'spent' };

/** What to do with a record whose last attempt failed with `error` and whose next would come after `delayMs`. */
export function judge(record: RecordInHand, error: SluiceError, rules: RetryRules, nowMs: number, delayMs: number): Verdict {
  if (error.disposition === 'reject') return { type: 'reject', reason: error };
  const { recordTtlMs } = rules;
  if (recordTtlMs !== undefined && nowMs + delayMs - record.acceptedMs > recordTtlMs) {
    return { type: 'reject', reason: new RecordExpiredError(recordTtlMs, error.message) };
  }
  return isBackoffSpent(rules.backoff, record.attempts - 1, nowMs - record.firstAttemptMs, delayMs) ? SPENT : RETRY;
}
