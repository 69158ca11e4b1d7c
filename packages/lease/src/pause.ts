/**
 * Pauses of a group of workers: an operator's order, kept in Redis until it is taken back. While it stands no lease of the group can be
 * claimed, and within a renewal's time each worker gives back what it holds, after it has finished what it has in hand.
 */
import { noticeChannel, pauseKey, type RedisSession } from '@sluice/redis';

export interface Pause {
  /** By the clock of Redis, milliseconds since 1970. */
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
}

/** Pauses a group. One that is paused already stays as it is; answers whether it was. */
export async function pauseGroup(session: RedisSession, group: string, { by, reason }: Omit<Pause, 'atMs'>): Promise<boolean> {
  return session.run(session.epoch, async (client) => {
    const [seconds] = await client.time();
    const isNew = (await client.hsetnx(pauseKey(group), 'at', String(Number(seconds) * 1_000))) === 1;
    if (isNew) await client.hset(pauseKey(group), { by, reason });
    await client.publish(noticeChannel(group), 'paused');
    return !isNew;
  });
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
