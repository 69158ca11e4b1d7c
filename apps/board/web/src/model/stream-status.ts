import type { StreamOverview } from '../api/types.ts';
import { worstOf } from './level.ts';
import { LAG_SECONDS, levelOf } from './limits.ts';
import { shardStatus } from './shard-status.ts';
import type { Status } from './status.ts';

/** A stream is as its worst shard is. */
export function streamStatus(stream: StreamOverview): Status {
  const { paused, shards, lagMaxSeconds } = stream;
  if (paused) return { level: 'idle', word: 'paused', reason: `by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}` };
  const statuses = shards.map((shard) => shardStatus(shard, stream));
  const level = worstOf([levelOf(lagMaxSeconds, LAG_SECONDS), ...statuses.map((each) => each.level).filter((each) => each !== 'idle')]);
  if (level === 'ok') return { level, word: shards.some(({ state }) => state === 'reading') ? 'reading' : 'at its end' };
  const worst = statuses.filter((status) => status.level === level);
  const words = new Set(worst.map(({ word }) => word));
  return { level, word: words.size === 1 ? [...words][0]! : 'trouble' };
}
