import { type BackoffPolicy, backoffDelay, type ErrorReport } from '@sluice/core';
import type { Parking } from '../mailbox/mailbox-row.ts';

export type OnFailure = 'park' | 'dead_letter';

/** What becomes of a batch that could not be applied. */
export type Verdict =
  /** Its messages are tried one by one, at once. */
  | { readonly type: 'tryAlone' }
  /** Its first message becomes a dead letter. */
  | { readonly type: 'reject' }
  | { readonly type: 'park'; readonly parking: Parking };

/** Pauses before a parked address is tried again. */
const PARKED: BackoffPolicy = { initialIntervalMs: 1_000, maxIntervalMs: 300_000, maxElapsedMs: 0, maxRetries: 0 };

export interface Failure {
  readonly reason: ErrorReport;
  /** Says nothing against the message: the endpoint cannot be reached, refuses work for now, or a token is still pending. */
  readonly isTransient: boolean;
  /** How many messages were in the request. */
  readonly messages: number;
  /** Of the address, before this failure. */
  readonly parking: Parking | undefined;
}

/**
 * Judges a request that failed for good, or an answer that cannot be applied.
 * @param now milliseconds since 1970
 * @param random a number in [0, 1)
 */
export function judgeFailure(
  onFailure: OnFailure,
  { reason, isTransient, messages, parking }: Failure,
  now: number,
  random: number,
): Verdict {
  if (onFailure === 'dead_letter' && !isTransient) return messages > 1 ? { type: 'tryAlone' } : { type: 'reject' };
  const attempts = (parking?.attempts ?? 0) + 1;
  return {
    type: 'park',
    parking: { reason, since: parking?.since ?? now, attempts, retryAt: now + Math.round(backoffDelay(PARKED, attempts - 1, random)) },
  };
}
