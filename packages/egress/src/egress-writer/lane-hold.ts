import type { SpentBudget } from '@sluice/lane-consumer';

/** A lane while this worker works on it, or several lanes whose records share a message. The writer asks it before it sends. */
export interface LaneHold {
  /** The single lanes; a lane names itself. */
  readonly lanes: readonly LaneHold[];
  /** Whether failed records are to be retried. `false` once the lane is given back or lost. */
  readonly isOpen: boolean;
  /** Whether a request may start: the lane is open, and its lease lasts for longer than `marginMs` by the monotonic clock. */
  canSend(marginMs: number): boolean;
  /** Milliseconds until the lease ends unless it is renewed, 0 once it is lost. Infinity for a lane that was given back on purpose. */
  leaseEndsInMs(): number;
  /** A record has spent its retries; the lane stops until its block ends. */
  spent(budget: SpentBudget): void;
  /**
   * A record cannot be sent because the message it is part of needs another lane, which may not send any more. What is in hand of the lane
   * goes back to it and comes again. Means nothing to a lane that is no longer open.
   */
  displaced(): void;
}

/** Whether records of this owner belong to the lane, alone or with others. */
export const involves = (owner: LaneHold, lane: LaneHold): boolean => owner === lane || owner.lanes.includes(lane);

/** Items of which every lane is open. Those of the others go back with their lanes, which may close lanes of items that came before. */
export function keepOpen<Item extends { readonly owner: LaneHold }>(items: readonly Item[]): readonly Item[] {
  const open = items.filter(({ owner }) => owner.isOpen);
  if (open.length === items.length) return items;
  for (const { owner } of items) if (!owner.isOpen) owner.displaced();
  return keepOpen(open);
}

/** A question about lanes that is asked once of each lane, where it is asked for each record. */
export function askedOnce(ask: (owner: LaneHold) => boolean): (owner: LaneHold) => boolean {
  const answers = new Map<LaneHold, boolean>();
  return (owner) => {
    let answer = answers.get(owner);
    if (answer === undefined) {
      answer = ask(owner);
      answers.set(owner, answer);
    }
    return answer;
  };
}
