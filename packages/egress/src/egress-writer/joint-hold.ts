import type { SluiceError } from '@sluice/core';
import type { LaneHold, SpentBudget } from './lane-hold.ts';
import type { MessageInHand } from './message-in-hand.ts';
import type { RecordInHand } from './record-in-hand.ts';

/**
 * The lanes behind messages that processors made: such a message may be sent while each of its lanes may send, and what becomes of it
 * becomes of the records that it stands for.
 */
export class JointHold implements LaneHold {
  /** Of single lanes. */
  readonly holds: readonly LaneHold[];

  constructor(holds: readonly LaneHold[]) {
    this.holds = holds;
  }

  get isOpen(): boolean {
    return this.holds.every(({ isOpen }) => isOpen);
  }

  canSend(withinMs: number): boolean {
    return this.holds.every((hold) => hold.canSend(withinMs));
  }

  delivered(message: RecordInHand): void {
    (message as MessageInHand).settle(undefined);
  }

  rejected(message: RecordInHand, reason: SluiceError): void {
    (message as MessageInHand).settle(reason);
  }

  spent(budget: SpentBudget): void {
    for (const hold of this.holds) hold.spent(budget);
  }

  displaced(): void {
    for (const hold of this.holds) hold.displaced();
  }
}

/** The single lanes behind an owner of records. */
export const lanesOf = (owner: LaneHold): readonly LaneHold[] => (owner instanceof JointHold ? owner.holds : [owner]);

/** Whether an owner of records is the hold, or needs it in order to send. */
export const involves = (owner: LaneHold, hold: LaneHold): boolean =>
  owner === hold || (owner instanceof JointHold && owner.holds.includes(hold));
