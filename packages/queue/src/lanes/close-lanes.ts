import { delayedKeys, type LaneKeys, type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';

export interface LaneClosing {
  /** The target's entry as it must be, and as it will be. */
  readonly before: string;
  readonly after: string;
  /** What the counters of ids must be. */
  readonly newestIds: readonly string[];
}

/** Gives a target another entry if nothing is in its lanes and nothing was put into them since; what they have seen of shards is forgotten. */
export async function closeLanes(
  session: RedisSession,
  { keyPrefix, target }: TargetAddress,
  keys: readonly LaneKeys[],
  { before, after, newestIds }: LaneClosing,
): Promise<'closed' | 'changed' | 'busy'> {
  const ofLanes = keys.flatMap((of) => [of.wait, of.active, of.newestId, of.mailboxes, of.filter, of.acked, of.ended, of.state]);
  const outcome = await laneScripts(session).script(
    session.epoch,
    'closeLanes',
    [targetsKey(keyPrefix), delayedKeys(keyPrefix).counts, ...ofLanes],
    [target, before, after, ...newestIds],
  );
  return outcome as 'closed' | 'changed' | 'busy';
}
