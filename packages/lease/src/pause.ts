/**
 * Pauses of a group of workers: an operator's order, kept in Redis until it is taken back. While it stands no lease of the group can be
 * claimed, and within a renewal's time each worker gives back what it holds, after it has finished what it has in hand.
 */
import { noticeChannel, pauseKey, type RedisSession, runTransaction } from '@sluice/redis';

export interface Pause {
  /** By the clock of Redis, milliseconds since 1970. */
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
}

/** Pauses a group. One that is paused already stays as it is; answers whether it was. */
export async function pauseGroup(session: RedisSession, group: string, { by, reason }: Omit<Pause, 'atMs'>): Promise<boolean> {
  const [seconds] = await session.run(session.epoch, (client) => client.time());
  const key = pauseKey(group);
  // All or nothing, so that nobody meets a pause without a name.
  const [isNew] = await runTransaction(session, session.epoch, (transaction) =>
    transaction
      .hsetnx(key, 'at', String(Number(seconds) * 1_000))
      .hsetnx(key, 'by', by)
      .hsetnx(key, 'reason', reason)
      .publish(noticeChannel(group), 'paused'),
  );
  return isNew !== 1;
}

/** Takes a pause back; answers whether there was one. */
export async function resumeGroup(session: RedisSession, group: string): Promise<boolean> {
  return session.run(session.epoch, async (client) => {
    const removed = await client.del(pauseKey(group));
    await client.publish(noticeChannel(group), 'resumed');
    return removed === 1;
  });
}

/** The pause of a group, or `undefined`. */
export async function readPause(session: RedisSession, group: string): Promise<Pause | undefined> {
  const { at, by = '', reason = '' } = await session.run(session.epoch, (client) => client.hgetall(pauseKey(group)));
  return at === undefined ? undefined : { atMs: Number(at), by, reason };
}
