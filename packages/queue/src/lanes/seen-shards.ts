import type { ShardPosition } from '@sluice/core';
import { laneKeys, type RedisSession, runPipeline, type TargetAddress } from '@sluice/redis';
import { parseProgress } from '../receiver/replay-filter.ts';
import type { TargetLanes } from './lane-count.ts';

/** How far a lane has acked a shard. */
export interface SeenShard {
  /** As the sources of batches name it. */
  readonly stream: string;
  readonly shardId: string;
  readonly last: ShardPosition;
}

/** What the lanes of a target have acked of each shard, under the number of lanes that it has: several entries for a shard. */
export async function readSeenShards(
  session: RedisSession,
  { keyPrefix, target, lanes }: TargetAddress & TargetLanes,
): Promise<SeenShard[]> {
  const answers = await runPipeline(session, session.epoch, (pipeline) => {
    for (let lane = 0; lane < lanes; lane++) {
      const { filter, acked } = laneKeys({ keyPrefix, target, lane });
      pipeline.hgetall(filter).hvals(acked);
    }
  });
  return Array.from({ length: lanes }, (_, lane) => {
    const [filter, acked] = answers.slice(2 * lane, 2 * lane + 2) as [Record<string, string>, string[]];
    return [...Object.entries(filter), ...acked.map((note) => note.split('\n', 2) as [string, string])];
  })
    .flat()
    .flatMap(([shard, progress]) => toSeen(shard, progress, lanes));
}

function toSeen(shard: string, progress: string, lanes: number): SeenShard[] {
  const [, stream, shardId, number] = /^(.*)\/([^/]+)\/(\d+)$/.exec(shard) ?? [];
  if (stream === undefined || shardId === undefined || Number(number) !== lanes) return [];
  return [{ stream, shardId, last: parseProgress(progress).last }];
}
