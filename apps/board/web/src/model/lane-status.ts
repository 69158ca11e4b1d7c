import type { LaneOverview, TargetOverview } from '../api/types.ts';
import { durationText } from './format.ts';
import { compareLevels } from './level.ts';
import { levelOf, OLDEST_MS } from './limits.ts';
import type { Status } from './status.ts';

export function laneStatus(lane: LaneOverview, { paused }: Pick<TargetOverview, 'paused'>): Status {
  if (lane.blockedForMs > 0) {
    return {
      level: 'bad',
      word: `blocked for ${durationText(lane.blockedForMs)}`,
      ...(lane.blockedReason && { reason: lane.blockedReason }),
    };
  }
  if (paused) return { level: 'idle', word: 'paused' };
  if (lane.owner === null) return lane.jobs > 0 ? { level: 'bad', word: 'nobody works it' } : { level: 'note', word: 'free' };
  const age = levelOf(lane.oldestMs, OLDEST_MS);
  if (age !== 'ok') return { level: age, word: 'late' };
  return { level: 'ok', word: lane.jobs === 0 ? 'empty' : 'flowing' };
}

/** Trouble first, then the oldest, then the fullest, then by number. */
export const byTrouble =
  (target: Pick<TargetOverview, 'paused'>) =>
  (a: LaneOverview, b: LaneOverview): number =>
    compareLevels(laneStatus(a, target).level, laneStatus(b, target).level) ||
    (b.oldestMs ?? -1) - (a.oldestMs ?? -1) ||
    b.records - a.records ||
    a.lane - b.lane;

/** How full a lane is among its neighbours, in five steps: 0 is empty, 4 as full as the fullest. */
export const depthStep = (records: number, fullest: number): 0 | 1 | 2 | 3 | 4 => {
  if (records === 0) return 0;
  return Math.min(4, Math.max(1, Math.ceil((4 * Math.log1p(records)) / Math.log1p(fullest)))) as 1 | 2 | 3 | 4;
};
