import type { ErrorReport } from '@sluice/core';

/** Why a lane's retry budget is spent, and how often the record that spent it was tried. */
export interface SpentBudget {
  readonly reason: ErrorReport;
  readonly attempts: number;
}

/** What the data plane of a lane says to its consumer; at most one for each batch. */
export type LaneNotice =
  | { readonly type: 'budget.spent'; readonly spent: SpentBudget }
  /** Records in hand depend on another lane that may not send any more. */
  | { readonly type: 'lane.displaced' }
  /** Jobs were taken and passed on. */
  | { readonly type: 'lane.moved' }
  /** What became of records could not be stored. */
  | { readonly type: 'lane.failed'; readonly error: unknown };
