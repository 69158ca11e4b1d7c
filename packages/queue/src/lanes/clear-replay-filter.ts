import { type LaneAddress, laneKeys, type RedisSession } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';

export interface ClearReplayFilterOptions extends LaneAddress {
  /** As the sources of batches name their stream. */
  readonly stream: string;
  readonly shardIds: readonly string[];
}

/**
 * Makes a lane forget what it has seen of some shards. Needed before records are read again on purpose, from an older position or under
 * leases that were created again: the lane would take them for replays and skip them. Answers `false`, with nothing changed, while the lane
 * has jobs: one that is acked later would be remembered again. So nobody may enqueue records of these shards meanwhile.
 */
export async function clearReplayFilter(
  session: RedisSession,
  { stream, shardIds, ...address }: ClearReplayFilterOptions,
): Promise<boolean> {
  const { wait, active, filter, state } = laneKeys(address);
  const shards = shardIds.map((shardId) => `${stream}/${shardId}`);
  const [jobs] = (await laneScripts(session).script(session.epoch, 'clearFilter', [wait, active, filter, state], shards)) as [number];
  return jobs === 0;
}
