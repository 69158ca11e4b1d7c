import { isRetryable, sleep, systemClock } from '@sluice/core';

const LOOK_AGAIN_MS = 25;
/** Below the time limit of a test, so that a failure names what it waited for. */
const PATIENCE_MS = 100_000;

/**
 * Looks until `look` answers something other than `false` or `undefined`, and gives that. A failure that passes by itself, such as a Redis
 * that is being restarted, counts as "not yet". The limit is generous: it must hold on a machine ten times slower.
 * @throws {Error} naming `what` was waited for, after `withinMs`
 */
export async function until<Answer>(
  what: string,
  look: () => Answer | false | undefined | Promise<Answer | false | undefined>,
  withinMs = PATIENCE_MS,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  do {
    try {
      const answer = await look();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      lastError = error;
    }
    await sleep(systemClock, LOOK_AGAIN_MS);
  } while (performance.now() < deadline);
  throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`, { cause: lastError });
}
