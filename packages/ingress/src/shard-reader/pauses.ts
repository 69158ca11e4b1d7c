import type { RetryNumbers } from '@sluice/config';
import { type BackoffPolicy, backoffDelay } from '@sluice/core';

const TRANSIENT: BackoffPolicy = { initialIntervalMs: 250, maxIntervalMs: 10_000, maxElapsedMs: 0, maxRetries: 0 };
const BLOCKED: BackoffPolicy = { initialIntervalMs: 1_000, maxIntervalMs: 60_000, maxElapsedMs: 0, maxRetries: 0 };

/**
 * Milliseconds before try number `attempt` + 1; never gives up.
 * @param isBlocked only an operator can help, so there is no hurry
 */
export const backoffMs = (attempt: number, isBlocked: boolean, random: number): number =>
  backoffDelay(isBlocked ? BLOCKED : TRANSIENT, Math.max(0, attempt - 1), random);

/** Where a user's numbers allow none: a call that fails at once must not be repeated at once for ever. */
const LEAST_PAUSE_MS = 10;

/** The pause before a call is tried again, by the user's numbers if there are any. What only an operator can help waits as ever. */
export function retryMs(numbers: RetryNumbers | undefined, attempt: number, isBlocked: boolean, random: number): number {
  if (!numbers || isBlocked) return backoffMs(attempt, isBlocked, random);
  return Math.max(LEAST_PAUSE_MS, random * Math.min(numbers.maxMs, numbers.baseMs * numbers.factor ** Math.max(0, attempt - 1)));
}

/** Whether so many failures in a row leave no further try. */
export const areRetriesSpent = (numbers: RetryNumbers | undefined, failures: number): boolean =>
  numbers?.maxRetries !== undefined && failures >= numbers.maxRetries;

const IDLE_MIN_MS = 190;
const IDLE_MAX_MS = 1_000;
/** About a second of empty pages. */
const LIVELY_PAGES = 5;

/**
 * Milliseconds to leave a shard alone after so many empty pages in a row at its tip. As long as it had records within the last second it is
 * asked five times a second, which is all that Kinesis allows; then its calls are for other readers of it.
 */
export const idleMs = (emptyPages: number): number => Math.min(IDLE_MIN_MS * 2 ** Math.max(0, emptyPages - LIVELY_PAGES), IDLE_MAX_MS);

/** How long this worker leaves a shard alone on which its reader failed. */
export const COOLDOWN_MS = 5_000;
