import type { TargetOverview } from '../api/types.ts';
import { laneStatus } from './lane-status.ts';
import { worstOf } from './level.ts';
import type { Status } from './status.ts';
import { writerStatus } from './writer-status.ts';

/** A target is as the worst of its lanes and writers is. */
export function targetStatus(target: TargetOverview): Status {
  const { paused, lanes, writers, parked } = target;
  if (paused) return { level: 'idle', word: 'paused', reason: `by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}` };
  const ofLanes = worstOf(lanes.map((lane) => laneStatus(lane, target).level));
  const ofWriters = worstOf(writers.map((writer) => writerStatus(writer).level));
  const level = worstOf([ofLanes, ofWriters, parked > 0 ? 'warn' : 'ok']);
  if (level === 'ok') return { level, word: lanes.every(({ jobs }) => jobs === 0) ? 'up to date' : 'flowing' };
  if (ofLanes === level) {
    if (lanes.some(({ blockedForMs }) => blockedForMs > 0)) return { level, word: 'blocked' };
    const worst = lanes.map((lane) => laneStatus(lane, target)).find((status) => status.level === level)!;
    return { level, word: worst.word };
  }
  if (ofWriters === level) return { level, word: writers.map(writerStatus).find((status) => status.level === level)!.word };
  return { level, word: 'addresses parked' };
}
