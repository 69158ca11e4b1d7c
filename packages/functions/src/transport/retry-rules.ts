import type { EndpointTransport } from '@sluice/config';
import type { AttemptFailure } from './attempt-failure.ts';

/** How a transport repeats a call. All times in milliseconds. */
export interface RetryRules {
  /** All attempts together, pauses included. */
  readonly budgetMs: number;
  isRetryable(failure: AttemptFailure): boolean;
  /** The pause before the next attempt, after `attempts` have failed; `undefined` gives the call up. */
  pauseMs(attempts: number, remainingMs: number): number | undefined;
  /** Whether there is an attempt after a pause that has used up the budget. */
  readonly hasLastAttempt: boolean;
  /** How long an attempt that starts now may take. */
  attemptMs(remainingMs: number): number;
}

export const retryRules = (transport: EndpointTransport): RetryRules =>
  transport.type === 'async' ? asyncRules(transport) : okhttpRules(transport);

/** Less time than this is not worth an attempt. */
const LEAST_REMAINING_MS = 1;
/** An attempt that starts at the very end of the budget still gets this long. */
const LEAST_ATTEMPT_MS = 10;

/** Everything is tried again but a time-out: pauses of 4, 8, 16 … ms, the last one as long as the budget lasts. */
const asyncRules = ({ callMs }: { callMs: number }): RetryRules => ({
  budgetMs: callMs,
  isRetryable: ({ kind }) => kind !== 'timeout',
  pauseMs: (attempts, remainingMs) => (remainingMs <= LEAST_REMAINING_MS ? undefined : Math.min(2 * 2 ** attempts, remainingMs)),
  hasLastAttempt: false,
  attemptMs: (remainingMs) => Math.max(remainingMs, LEAST_ATTEMPT_MS),
});

const RETRYABLE_STATUS = new Set([408, 409, 420, 429, 499]);

/** Lost connections and servers that fail or are busy are tried again: pauses of 10, 20, 40 … ms, and once more at the end of the budget. */
const okhttpRules = ({ callMs }: { callMs: number }): RetryRules => ({
  budgetMs: callMs,
  isRetryable: ({ kind, status = 0 }) =>
    kind === 'connection' || kind === 'timeout' || (kind === 'status' && (status >= 500 || RETRYABLE_STATUS.has(status))),
  pauseMs: (attempts, remainingMs) => (remainingMs <= 0 ? undefined : Math.min(5 * 2 ** attempts, remainingMs)),
  hasLastAttempt: true,
  attemptMs: () => callMs,
});
