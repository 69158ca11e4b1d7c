import { involves, type LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';

/** Counts the records in open requests, by owner. */
export class InFlight {
  readonly #counts = new Map<LaneHold, number>();
  readonly #quiet = new Map<LaneHold, Array<() => void>>();

  add(records: readonly RecordInHand[]): void {
    for (const { owner } of records) this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + 1);
  }

  remove(records: readonly RecordInHand[]): void {
    for (const { owner } of records) {
      const left = this.#counts.get(owner)! - 1;
      if (left > 0) {
        this.#counts.set(owner, left);
        continue;
      }
      this.#counts.delete(owner);
      for (const resolve of this.#quiet.get(owner) ?? []) resolve();
      this.#quiet.delete(owner);
    }
  }

  /** Records in flight that belong to a lane, alone or with others. */
  count(lane: LaneHold): number {
    return this.#ownersWith(lane).reduce((sum, owner) => sum + this.#counts.get(owner)!, 0);
  }

  /** Resolves once nothing of the lane is in flight. */
  async whenQuiet(lane: LaneHold): Promise<void> {
    await Promise.all(
      this.#ownersWith(lane).map(
        (owner) => new Promise<void>((resolve) => this.#quiet.set(owner, [...(this.#quiet.get(owner) ?? []), resolve])),
      ),
    );
  }

  #ownersWith(lane: LaneHold): LaneHold[] {
    return [...this.#counts.keys()].filter((owner) => involves(owner, lane));
  }
}
