import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { type RedisSession, usesKey } from '@sluice/redis';
import { isOtherwise, type PartUse } from './part-use.ts';

export interface NoteUsesOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly workerId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Notes in Redis what this worker makes of each id, and warns where the last one made something else of it. Never rejects: a worker that
 * cannot note it works all the same.
 */
export async function noteUses(uses: readonly PartUse[], options: NoteUsesOptions): Promise<void> {
  if (uses.length === 0) return;
  const { session, keyPrefix, workerId, clock, logger } = options;
  const key = usesKey(keyPrefix);
  try {
    const before = await session.run(session.epoch, (client) => client.hmget(key, ...uses.map(({ id }) => id)));
    for (const [index, use] of uses.entries()) warnIfOtherwise(use, before[index] ?? null, logger);
    const at = new Date(clock.now()).toISOString();
    const entries = uses.map(({ id, does, file }) => [id, JSON.stringify({ does, file, worker: workerId, at })]);
    await session.run(session.epoch, (client) => client.hset(key, Object.fromEntries(entries)));
  } catch (error) {
    logger.warn('what this worker does is not noted in redis', { ...toErrorReport(error) });
  }
}

function warnIfOtherwise(use: PartUse, noted: string | null, logger: Logger): void {
  const before = noted === null ? undefined : (JSON.parse(noted) as Pick<PartUse, 'does' | 'file'> & { worker: string; at: string });
  if (!before || !isOtherwise(use, before)) return;
  const remedy = use.isNamed ? 'give one of them another id' : 'give each a label';
  logger.warn(
    `another configuration had this id when a worker last started with it: if both are to run, ${remedy}, or each its own sluice.redis.prefix; they share shards, checkpoints and lanes`,
    { id: use.id, now: `${use.does} (${use.file})`, before: `${before.does} (${before.file})`, since: before.at, worker: before.worker },
  );
}
