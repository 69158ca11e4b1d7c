import { involves, type LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';

/** Counts the records in open requests, by owner. */
export class InFlight {
  readonly #counts = new Map<LaneHold, number>();
  readonly #quiet = new Map<LaneHold, Array<() => void>>();

  add(records: readonly RecordInHand[]): void {
    for (const [owner, count] of countsOf(records)) this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + count);
  }

  remove(records: readonly RecordInHand[]): void {
    for (const [owner, count] of countsOf(records)) {
      const left = this.#counts.get(owner)! - count;
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

/** Records by owner. Those of a lane mostly come one behind the other. */
function countsOf(records: readonly RecordInHand[]): ReadonlyMap<LaneHold, number> {
  const counts = new Map<LaneHold, number>();
  for (let from = 0, to = 0; from < records.length; from = to) {
    const { owner } = records[from]!;
    while (to < records.length && records[to]!.owner === owner) to++;
    counts.set(owner, (counts.get(owner) ?? 0) + to - from);
  }
  return counts;
}
