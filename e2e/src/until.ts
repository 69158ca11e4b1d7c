import { isRetryable, sleep, systemClock } from '@sluice/core';

const LOOK_AGAIN_MS = 50;

/**
 * Looks until `look` answers something other than `false` or `undefined`, and gives that. What may pass by itself, such as a Redis that is
 * being restarted, counts as "not yet".
 * @throws {Error} naming `what` was waited for, after `withinMs`
 */
export async function until<Answer>(
  what: string,
  look: () => Answer | false | undefined | Promise<Answer | false | undefined>,
  withinMs = 30_000,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await look();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      lastError = error;
    }
    await sleep(systemClock, LOOK_AGAIN_MS);
  }
  throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`, { cause: lastError });
}
