import { describe, expect, it } from 'vitest';
import { backoffDelay, isBackoffSpent } from './backoff.ts';

const policy = { initialIntervalMs: 1_000, maxIntervalMs: 5_000, maxElapsedMs: 30_000, maxRetries: 0 };

describe('backoff', () => {
  it('grows by half and is capped before it is spread', () => {
    expect([0, 1, 2, 3, 4, 9].map((attempt) => backoffDelay(policy, attempt, 0.5))).toEqual([1000, 1500, 2250, 3375, 5000, 5000]);
    expect(backoffDelay(policy, 9, 0)).toBe(2_500);
    expect(backoffDelay(policy, 9, 1)).toBe(7_500);
  });

  it('is spent when the next pause would end after the elapsed-time limit', () => {
    expect(isBackoffSpent(policy, 3, 29_000, 1_000)).toBe(false);
    expect(isBackoffSpent(policy, 3, 29_000, 1_001)).toBe(true);
  });

  it('is spent after the retries that it allows, and never when both limits are off', () => {
    expect(isBackoffSpent({ ...policy, maxRetries: 2 }, 1, 0, 0)).toBe(false);
    expect(isBackoffSpent({ ...policy, maxRetries: 2 }, 2, 0, 0)).toBe(true);
    expect(isBackoffSpent({ ...policy, maxElapsedMs: 0 }, 1e6, 1e12, 1e6)).toBe(false);
  });
});
