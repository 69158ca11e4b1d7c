/**
 * What share of its quota a shard seems to have for us, learned from how it answers. Pure; `borrow.lua` does the same.
 *
 *     quiet ──throttled: less──▶ on trial ──nothing throttled any more──▶ quiet
 *                                 │  ▲ └──still throttled, though less: less again──▶ on trial
 *         as much as before: back │  │ clearly more, or half a minute later: less
 *                                 ▼  │
 *                               at random ──nothing throttled any more──▶ quiet
 *
 * Where others fill the shard, it throttles less once we send less. What it throttles all the same, however little we send, is not our doing;
 * to send less for that would be to send nearly nothing in the end.
 */
import type { ShardAnswers } from './budget-ledger.ts';

export interface ShardShare {
  /** Of its quota, what it seems to have for us: others may write too. */
  readonly share: number;
  /** The share at which it throttled last; 1 where that is long ago. */
  readonly ceiling: number;
  readonly throttledAtMs: number;
  /** The part that it throttled when it was judged last; 1 before it is judged for the first time, 0 where all is quiet. */
  readonly part: number;
  /** Until when it is taken to throttle that part whatever we send; 0 where it is not. */
  readonly randomUntilMs: number;
  /** Since it was judged last. */
  readonly countedFromMs: number;
  readonly taken: number;
  readonly throttled: number;
}

export const WHOLE_SHARE: ShardShare = {
  ...{ share: 1, ceiling: 1, throttledAtMs: Number.NEGATIVE_INFINITY },
  ...{ part: 0, randomUntilMs: 0, countedFromMs: 0, taken: 0, throttled: 0 },
};

/** What is left of a share that throttled, little or much. */
const LEFT = { little: 0.8, much: 0.5 };
const LEAST_SHARE = 0.2;
/** Of the quota, a second: until it is near the share at which it throttled, and from there on. */
const GAIN = { fast: 0.05, slow: 0.004 };
const NEARBY = 0.95;
/** What is left of a share that throttled a little is risky at once. */
const RISKY = 0.75;
const REMEMBERED_MS = 30_000;
/** Between two judgements: at least, and until there are so many answers, at most. What is answered first was lent before the last one. */
const TRIAL = { leastMs: 1_250, longestMs: 5_000, answers: 200, ignoredMs: 250 };
/** A part up to this is little, and may be random. */
const LITTLE = 0.1;
/** Times the part as it was: as large as before; fallen; risen, which by chance it may by a handful of records more. */
const [AS_BEFORE, FALLEN, RISEN, HANDFUL] = [0.75, 0.5, 2, 0.01];
/** For how long something is taken for random. Then it is on trial again: it may have been others that began to write more. */
const RANDOM_MS = 30_000;

export const isRandom = ({ randomUntilMs }: ShardShare): boolean => randomUntilMs > 0;

/** Whether the shard may throttle any time: it did lately, at a share that is not much larger than the one that it has. */
export const isRiskyShare = ({ share, ceiling, throttledAtMs }: ShardShare, nowMs: number): boolean =>
  nowMs - throttledAtMs <= REMEMBERED_MS && share >= RISKY * ceiling;

/** With what its answers say, once there are enough of them. */
export function judgedShare(before: ShardShare, answers: ShardAnswers, nowMs: number): ShardShare {
  const sinceMs = nowMs - before.countedFromMs;
  if (before.part === 0 || sinceMs < TRIAL.ignoredMs) return before;
  const taken = before.taken + answers.taken;
  const throttled = before.throttled + answers.throttled;
  const isEnough = sinceMs >= (taken + throttled >= TRIAL.answers ? TRIAL.leastMs : TRIAL.longestMs);
  if (!isEnough) return { ...before, taken, throttled };
  const part = throttled / Math.max(1, taken + throttled);
  const judged = { ...before, part, countedFromMs: nowMs, taken: 0, throttled: 0 };
  if (part === 0) return { ...judged, randomUntilMs: 0 };
  if (isRandom(before)) {
    const isMore = part > RISEN * before.part + HANDFUL;
    if (!isMore && nowMs < before.randomUntilMs) return { ...judged, part: part < FALLEN * before.part ? part : before.part };
  } else if (part <= LITTLE && part >= AS_BEFORE * before.part) {
    return { ...judged, randomUntilMs: nowMs + RANDOM_MS, share: before.ceiling, ceiling: 1 };
  }
  return { ...judged, ...lessOf(before.share, part), randomUntilMs: 0 };
}

/** With what it gained. A share on trial stays as it is. */
export function grownShare(before: ShardShare, seconds: number, nowMs: number): ShardShare {
  const isOnTrial = before.part > 0 && !isRandom(before);
  const gain = isOnTrial ? 0 : before.share < NEARBY * before.ceiling ? GAIN.fast : GAIN.slow;
  const share = Math.min(1, before.share + gain * seconds);
  const isForgotten = nowMs - before.throttledAtMs > REMEMBERED_MS || share > 1.1 * before.ceiling;
  return { ...before, share, ceiling: isForgotten ? 1 : before.ceiling };
}

/** It throttled. The first time it gets less at once, and is on trial from then on. */
export function throttledShare(before: ShardShare, nowMs: number): ShardShare {
  if (before.part > 0) return { ...before, throttledAtMs: nowMs };
  const onTrial = { part: 1, randomUntilMs: 0, countedFromMs: nowMs, taken: 0, throttled: 0 };
  return { ...before, ...lessOf(before.share, 0), throttledAtMs: nowMs, ...onTrial };
}

const lessOf = (share: number, part: number) => ({
  share: Math.max(LEAST_SHARE, share * (part > LITTLE ? LEFT.much : LEFT.little)),
  ceiling: share,
});
