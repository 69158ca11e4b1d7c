/** An operator's order that a worker shall have a certain lease. Workers see it with their next look at who holds what. */
import { noticeChannel, type RedisSession } from '@sluice/redis';
import { MOVE_MS } from './lease-store.ts';
import { loadScript } from './scripts/load-script.ts';

const moveScript = loadScript('move');

export interface MoveLeaseOptions {
  readonly group: string;
  /** The lease row. */
  readonly key: string;
  /** A member of the group. */
  readonly worker: string;
  /** Whether the row is created by another than its first claimant, as that of a shard is. */
  readonly mustExist: boolean;
}

/**
 * Who holds the lease gives it to that worker, after it has finished what it has in hand. The balance between workers leaves it there for
 * {@link MOVE_MS}, unless the worker leaves the group.
 */
export async function moveLease(
  session: RedisSession,
  { group, key, worker, mustExist }: MoveLeaseOptions,
): Promise<'noted' | 'absent' | 'ended'> {
  const args = [worker, MOVE_MS, mustExist ? '1' : '0', noticeChannel(group)];
  return (await session.run(session.epoch, (client) => moveScript(client, [key], args))) as 'noted' | 'absent' | 'ended';
}
