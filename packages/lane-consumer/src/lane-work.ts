import type { LaneNotice, SpentBudget } from './lane-notice.ts';

/** The data plane of one lane, as its consumer sees it. Its loops move the records; the machine says when they run. */
export interface LaneWork {
  /** Says from now on what the lane's consumer must answer. Answers the way to stop: nothing more is sent for the lane, nothing stored. */
  hold(notify: (notice: LaneNotice) => void): () => void;
  /** Lets go of what is in hand, then takes everything from Redis anew. Answers how long the lane still is blocked, in milliseconds. */
  takeOver(): Promise<number>;
  /** Takes and passes on jobs until the signal is aborted. Never resolves; rejects with the signal's reason or what went wrong. */
  move(signal: AbortSignal): Promise<never>;
  /** Puts everything in hand back to the lane and blocks it, once what is in flight has ended. */
  handBack(spent: SpentBudget, blockForMs: number): Promise<void>;
  /** Puts everything in hand back to the lane, without blame, once what is in flight has ended. */
  giveBack(): Promise<void>;
  /** Finishes what was taken for `graceMs` more, then hands back the rest. */
  drain(graceMs: number): Promise<void>;
  /** Has the lane counted anew every now and then until the signal is aborted. */
  audit(signal: AbortSignal): Promise<void>;
}
