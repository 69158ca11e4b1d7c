import { type BackoffPolicy, backoffDelay } from '@sluice/core';
import { hasCode, isForOperators } from './failures.ts';

/** The service refuses a subscription that comes sooner after another one of its consumer and shard, milliseconds. */
export const LEAST_BETWEEN_MS = 5_000;

const FIRST_FAILURE_MS = 1_000;
/** Another reader is at work: to take it over at once would make two that take turns. */
const FIRST_DISPLACED_MS = 20_000;
const DISPLACED_MAX_MS = 10 * 60_000;
/** What only an operator can change is looked at once in so long. */
const BLOCKED_MS = 60_000;
/** The service allows a call a second for a consumer and shard, and lets another one take over after five. */
const IN_USE_MS = 1_500;

/**
 * Milliseconds until it is worth trying to subscribe again.
 * @param failures before this one, since an event last came
 * @param random spreads the pauses; a number in [0, 1)
 */
export function returnPauseMs(error: unknown, failures: number, random: number, maxPauseMs: number): number {
  if (hasCode(error, 'SUBSCRIPTION_DISPLACED')) return backoffDelay(policy(FIRST_DISPLACED_MS, DISPLACED_MAX_MS), failures, random);
  if (hasCode(error, 'SUBSCRIPTION_IN_USE', 'CONSUMER_NOT_READY'))
    return Math.min(IN_USE_MS * (1 + random), Math.max(maxPauseMs, IN_USE_MS));
  if (isForOperators(error)) return BLOCKED_MS;
  return failurePauseMs(failures, random, maxPauseMs);
}

/** As {@link returnPauseMs}, where nothing is known of the failure but that trying again may help. */
export const failurePauseMs = (failures: number, random: number, maxPauseMs: number): number =>
  Math.min(maxPauseMs, backoffDelay(policy(FIRST_FAILURE_MS, maxPauseMs), failures, random));

const policy = (initialIntervalMs: number, maxIntervalMs: number): BackoffPolicy => ({
  initialIntervalMs,
  maxIntervalMs: Math.max(initialIntervalMs, maxIntervalMs),
  ...{ maxElapsedMs: 0, maxRetries: 0 },
});
