import type { ShardOverview, StreamOverview } from '../api/types.ts';
import { compareLevels, worstOf } from './level.ts';
import { LAG_SECONDS, levelOf } from './limits.ts';
import type { Status } from './status.ts';

export function shardStatus(shard: ShardOverview, { paused }: Pick<StreamOverview, 'paused'>): Status {
  const lag = levelOf(shard.lagSeconds, LAG_SECONDS);
  switch (shard.state) {
    case 'ended':
      return { level: 'idle', word: 'ended' };
    case 'waiting':
      return { level: 'idle', word: 'waits for its parents' };
    case 'failing':
      return { level: 'bad', word: 'reads fail', ...reasonOf(shard) };
    case 'free':
      return paused ? { level: 'idle', word: 'paused' } : { level: 'bad', word: 'nobody reads it' };
    case 'paused':
      return { level: worstOf([lag, 'note']), word: 'held back', reason: 'its targets are above their high-water mark' };
    case 'reading':
      return lag === 'ok' ? { level: 'ok', word: 'reading' } : { level: lag, word: 'behind' };
  }
}

const reasonOf = ({ code, reason }: ShardOverview): { reason?: string } => {
  const text = [reason, code && `(${code})`].filter(Boolean).join(' ');
  return text ? { reason: text } : {};
};

/** How much is read from a shard beside its neighbours, in five steps: 0 is nothing, 4 as much as from the busiest. */
export const rateStep = (rate: number, busiest: number): 0 | 1 | 2 | 3 | 4 =>
  busiest === 0 ? 0 : (Math.min(4, Math.ceil((4 * rate) / busiest)) as 0 | 1 | 2 | 3 | 4);

/** Trouble first, then the largest lag, then by id. */
export const byTrouble =
  (stream: Pick<StreamOverview, 'paused'>) =>
  (a: ShardOverview, b: ShardOverview): number =>
    compareLevels(shardStatus(a, stream).level, shardStatus(b, stream).level) ||
    (b.lagSeconds ?? -1) - (a.lagSeconds ?? -1) ||
    (a.shardId < b.shardId ? -1 : 1);
