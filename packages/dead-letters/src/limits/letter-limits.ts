import type { DeadLettersMeasure } from '@sluice/queue';

/** How much may stay in Redis of a target; `undefined` = no limit. */
export interface LetterLimits {
  readonly maxAgeMs: number | undefined;
  readonly maxBytes: number | undefined;
}

export type LimitName = 'max_age' | 'max_bytes';

/** The limit that is nearest, and the share of it that is reached. */
export interface LimitState {
  readonly limit: LimitName;
  /** 1 = reached. */
  readonly share: number;
}

/** From here on they warn. */
export const WARNING_SHARE = 0.5;
/** A paused target resumes below it, so that it does not go on and off. */
const RESUMING_SHARE = 0.9;

/** `undefined` where nothing is limited. */
export function nearestLimit({ bytes, oldestAgeMs }: DeadLettersMeasure, { maxAgeMs, maxBytes }: LetterLimits): LimitState | undefined {
  const states: LimitState[] = [];
  if (maxAgeMs !== undefined) states.push({ limit: 'max_age', share: oldestAgeMs / maxAgeMs });
  if (maxBytes !== undefined) states.push({ limit: 'max_bytes', share: bytes / maxBytes });
  return states.toSorted((a, b) => b.share - a.share)[0];
}

/** Why nothing is taken for a target. */
export type Pausing = 'none' | 'limit' | 'operator';

/** What a target's state asks for. An operator's pause is left alone. */
export function judge(state: LimitState | undefined, pausing: Pausing): 'pause' | 'resume' | 'stay' {
  const share = state?.share ?? 0;
  if (pausing === 'none' && share >= 1) return 'pause';
  return pausing === 'limit' && share < RESUMING_SHARE ? 'resume' : 'stay';
}
