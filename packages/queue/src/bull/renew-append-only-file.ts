import { isRetryable } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';

/**
 * Makes Redis rewrite its append-only file, once after each of its starts.
 *
 * When a crash has cut the file inside a transaction, Redis up to 7 (and Valkey before the fix of August 2026) drops the broken command
 * but keeps the transaction's beginning in the file, and appends to it. The next start then executes that half together with the first
 * transaction after it: a payload without its job, a job without its data. A file written from memory has no such half.
 * Where the command is not allowed, as with managed services, which have no file to cut, nothing happens.
 */
export async function renewAppendOnlyFile(session: RedisSession, epoch: number): Promise<void> {
  try {
    await session.run(epoch, async (client) => {
      const facts = await client.info('persistence');
      const isDue =
        /^aof_enabled:1\r?$/m.test(facts) &&
        /^aof_last_rewrite_time_sec:-1\r?$/m.test(facts) &&
        /^aof_rewrite_in_progress:0\r?$/m.test(facts);
      if (isDue) await client.bgrewriteaof();
    });
  } catch (error) {
    if (isRetryable(error)) throw error;
  }
}
