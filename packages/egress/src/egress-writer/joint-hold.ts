import type { SpentBudget } from '@sluice/lane-consumer';
import type { LaneHold } from './lane-hold.ts';

/** Several lanes behind one message: it may be sent while each of them may send. */
export class JointHold implements LaneHold {
  readonly lanes: readonly LaneHold[];

  constructor(lanes: readonly LaneHold[]) {
    this.lanes = lanes;
  }

  get isOpen(): boolean {
    return this.lanes.every(({ isOpen }) => isOpen);
  }

  canSend(marginMs: number): boolean {
    return this.lanes.every((lane) => lane.canSend(marginMs));
  }

  leaseEndsInMs(): number {
    return Math.min(...this.lanes.map((lane) => lane.leaseEndsInMs()));
  }

  spent(budget: SpentBudget): void {
    for (const lane of this.lanes) lane.spent(budget);
  }

  displaced(): void {
    for (const lane of this.lanes) lane.displaced();
  }
}

/** Finds the owner of messages that stand for records of several lanes: one owner for all messages of a batch that need the same lanes. */
export class JointHolds {
  readonly #places = new Map<LaneHold, number>();
  readonly #joint = new Map<string, JointHold>();

  /** @param owners of the records, at least one */
  of(owners: Iterable<LaneHold>): LaneHold {
    const lanes = [...new Set([...owners].flatMap((owner) => owner.lanes))];
    if (lanes.length === 1) return lanes[0]!;
    const id = lanes
      .map((lane) => this.#placeOf(lane))
      .sort((a, b) => a - b)
      .join();
    const joint = this.#joint.get(id) ?? new JointHold(lanes);
    this.#joint.set(id, joint);
    return joint;
  }

  #placeOf(lane: LaneHold): number {
    const place = this.#places.get(lane) ?? this.#places.size;
    this.#places.set(lane, place);
    return place;
  }
}
