import { laneKeys, type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { LanesNotDrainedError } from '../errors.ts';

export interface ClearReplayFilterOptions extends TargetAddress {
  /** Only shards of this stream, as the sources of its batches name it; every stream's where absent. */
  readonly stream?: string;
}

/**
 * Makes the lanes of a target forget what they have seen. Needed before records are read again on purpose, from an older position or
 * under leases that were created again: the lanes would take them for replays and skip them.
 * @throws {LanesNotDrainedError} a lane has jobs; those before it were cleared
 */
export async function clearReplayFilter(session: RedisSession, { keyPrefix, target, stream }: ClearReplayFilterOptions): Promise<void> {
  const { epoch } = session;
  const lanes = Number((await session.run(epoch, (client) => client.hget(targetsKey(keyPrefix), target))) ?? 0);
  for (let lane = 0; lane < lanes; lane++) {
    const { wait, active, filter, state } = laneKeys({ keyPrefix, target, lane });
    const shards = stream === undefined ? '' : `${stream}/`;
    const [jobs] = (await laneScripts(session).script(epoch, 'clearFilter', [wait, active, filter, state], [shards])) as [number];
    if (jobs > 0) throw new LanesNotDrainedError(target, jobs);
  }
}
