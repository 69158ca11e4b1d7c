import type { ErrorReport } from '@sluice/core';
import type { DurationTally } from '@sluice/telemetry';

/** What happens to the addresses of a lane, for telemetry. */
export type LaneReport =
  /** A function answered, and its answer is valid. */
  | { readonly type: 'invoked'; readonly messages: number; readonly seconds: number; readonly delivered: DurationTally }
  | { readonly type: 'failed'; readonly verdict: 'park' | 'reject' | 'tryAlone'; readonly id: string; readonly reason: ErrorReport }
  /** A message is among the dead letters. */
  | { readonly type: 'rejected'; readonly reason: ErrorReport };
