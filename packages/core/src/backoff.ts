/** An exponential backoff as Benthos configures it (cenkalti/backoff v4): each pause is 1.5 times the last, spread by half either way. */
export interface BackoffPolicy {
  readonly initialIntervalMs: number;
  readonly maxIntervalMs: number;
  /** 0 = no limit. Counted from the first attempt. */
  readonly maxElapsedMs: number;
  /** 0 = no limit. */
  readonly maxRetries: number;
}

const MULTIPLIER = 1.5;
const SPREAD = 0.5;

/**
 * The pause before retry number `attempt` (0 for the first retry), in milliseconds.
 * @param random a number in [0, 1)
 */
export function backoffDelay({ initialIntervalMs, maxIntervalMs }: BackoffPolicy, attempt: number, random: number): number {
  const interval = Math.min(initialIntervalMs * MULTIPLIER ** attempt, maxIntervalMs);
  return interval * (1 - SPREAD + 2 * SPREAD * random);
}

/** Whether the budget is spent: `attempt` retries were made in `elapsedMs`, and the next would come after `delayMs`. */
export function isBackoffSpent(policy: BackoffPolicy, attempt: number, elapsedMs: number, delayMs: number): boolean {
  if (policy.maxRetries > 0 && attempt >= policy.maxRetries) return true;
  return policy.maxElapsedMs > 0 && elapsedMs + delayMs > policy.maxElapsedMs;
}
