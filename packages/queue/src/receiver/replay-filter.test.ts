import type { FencingToken } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import type { LaneSource } from '../job-data.ts';
import { recordAt } from '../testing/fixtures.ts';
import {
  formatProgress,
  isReplay,
  judgeJob,
  LaneProgress,
  mayHoldReplays,
  noteOf,
  parseProgress,
  type ShardProgress,
} from './replay-filter.ts';

describe('judgeJob', () => {
  it('takes the first job of a shard as it is', () => {
    expect(judgeJob(undefined, sourceOf(A1, 5, 9))).toEqual({ isStale: false, seenUpTo: undefined, progress: progressOf(A1, 9) });
  });

  it('trims what was seen under a lower id, whatever the token', () => {
    for (const token of [A1, B2]) {
      const judgement = judgeJob(progressOf(A1, 7), sourceOf(token, 5, 9));
      expect([5, 7, 8, 9].map((position) => isReplay(judgement, recordAt(position)))).toEqual([true, true, false, false]);
      expect(judgement.progress).toEqual(progressOf(token, 9));
    }
  });

  it('does not go back when a whole job is a replay', () => {
    expect(judgeJob(progressOf(A1, 9), sourceOf(A1, 5, 7)).progress).toEqual(progressOf(A1, 9));
  });

  it('skips a job of an old reader, also beyond what was seen: its records come again under the higher token', () => {
    const judgement = judgeJob(progressOf(B2, 7), sourceOf(A1, 8, 12));
    expect(judgement).toEqual({ isStale: true, seenUpTo: undefined, progress: progressOf(B2, 7) });
    expect(isReplay(judgement, recordAt(12))).toBe(true);
  });

  it('takes of two owners with one number the one seen first for the older', () => {
    const after = judgeJob(progressOf(A1, 7), sourceOf(B1, 6, 9));
    expect(after).toEqual({ isStale: false, seenUpTo: at(7), progress: { ...progressOf(B1, 9), formerOwners: ['a'] } });
    expect(judgeJob(after.progress, sourceOf(A1, 10, 12)).isStale).toBe(true);
    expect(judgeJob(after.progress, sourceOf(B1, 10, 12))).toEqual({
      isStale: false,
      seenUpTo: at(9),
      progress: { ...progressOf(B1, 12), formerOwners: ['a'] },
    });
    expect(judgeJob(after.progress, sourceOf(B2, 10, 12)).progress).toEqual(progressOf(B2, 12));
  });

  it('never takes a record without an origin for a replay', () => {
    const { origin: _, ...record } = recordAt(1);
    expect(isReplay(judgeJob(progressOf(A1, 7), sourceOf(A1, 5, 9)), record)).toBe(false);
  });
});

describe('mayHoldReplays', () => {
  it('is sure of a job that begins behind what was seen', () => {
    const judged = (source: LaneSource) => mayHoldReplays(judgeJob(progressOf(B2, 7), source), source);
    expect([6, 7, 8].map((first) => judged(sourceOf(B2, first, 9)))).toEqual([true, true, false]);
    expect(judged(sourceOf(A1, 8, 9))).toBe(true);
  });

  it('is sure of the first job of a shard', () => {
    expect(mayHoldReplays(judgeJob(undefined, sourceOf(A1, 5, 9)), sourceOf(A1, 5, 9))).toBe(false);
  });
});

describe('LaneProgress', () => {
  it('counts jobs acked above a gap once the ids below them are judged', () => {
    const shard = 'orders/shard-0';
    const acked = { '12': noteOf(sourceOf(A1, 20, 29), progressOf(A1, 29)), '9': noteOf(sourceOf(A1, 10, 19), progressOf(A1, 19)) };
    const progress = new LaneProgress({ [shard]: formatProgress(progressOf(A1, 9)) }, acked);

    expect(progress.judge(8, sourceOf(A1, 5, 9)).seenUpTo).toEqual(at(9));
    expect(progress.judge(11, sourceOf(A1, 5, 25)).seenUpTo).toEqual(at(19));
    expect(progress.judge(13, sourceOf(A1, 20, 35))).toEqual({ isStale: false, seenUpTo: at(29), progress: progressOf(A1, 35) });
  });

  it('keeps shards apart', () => {
    const progress = new LaneProgress({}, {});
    progress.judge(1, sourceOf(A1, 5, 9));
    expect(progress.judge(2, { ...sourceOf(A1, 5, 9), shardId: 'shard-1' }).seenUpTo).toBeUndefined();
  });
});

describe('progress', () => {
  it('reads what it writes', () => {
    for (const progress of [progressOf(A1, 9), { ...progressOf({ number: 7, owner: 'worker:1#x.2' }, 9), formerOwners: ['b', 'c'] }]) {
      expect(parseProgress(formatProgress(progress))).toEqual(progress);
    }
  });
});

const A1: FencingToken = { number: 1, owner: 'a' };
const B1: FencingToken = { number: 1, owner: 'b' };
const B2: FencingToken = { number: 2, owner: 'b' };
const at = (position: number) => ({ sequenceNumber: String(position), subSequenceNumber: 0 });
const progressOf = (token: FencingToken, last: number): ShardProgress => ({ token, last: at(last), formerOwners: [] });
const sourceOf = (token: FencingToken, first: number, last: number): LaneSource => ({
  stream: 'orders',
  shardId: 'shard-0',
  token,
  first: at(first),
  last: at(last),
});
