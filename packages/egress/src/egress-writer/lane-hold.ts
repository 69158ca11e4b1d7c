import type { ErrorReport, SluiceError } from '@sluice/core';
import type { RecordInHand } from './record-in-hand.ts';

/** Why a lane's retry budget is spent, and how often the record that spent it was tried. */
export interface SpentBudget {
  readonly reason: ErrorReport;
  readonly attempts: number;
}

/** A lane while this worker works on it: whom the writer asks before it sends, and tells what became of each record. */
export interface LaneHold {
  /** Whether failed records shall be tried again. `false` once the lane is given back or lost. */
  readonly isOpen: boolean;
  /** Whether a request may start that ends within `withinMs`: the lane's lease outlasts it by the monotonic clock. */
  canSend(withinMs: number): boolean;
  /** The record is in Kinesis. */
  delivered(record: RecordInHand): void;
  /** The record can never succeed. */
  rejected(record: RecordInHand, reason: SluiceError): void;
  /** The record may not be tried again for now; the lane stops until its block ends. */
  spent(budget: SpentBudget): void;
  /**
   * A record cannot be sent because the message it is part of needs another lane, which may not send any more. What is in hand of the lane
   * goes back to it and comes again. Means nothing to a hold that is no longer open.
   */
  displaced(): void;
}
