import type { LaneBarrier } from '@sluice/queue';
import type { LaneTarget } from './lane-target.ts';

/**
 * Waits, where the lanes of a target are laid by shard, until they hold nothing of the shards that this one follows: it may be laid into
 * another lane, and would pass them there. Laid by key, what is of a key is in one lane.
 */
export class Followed {
  readonly #targets: readonly LaneTarget[];
  readonly #parents: readonly string[];
  readonly #nameOf: (target: LaneTarget, shardId: string) => string;
  /** Of the targets whose lanes may hold something. */
  readonly #waiting: Set<LaneTarget>;
  readonly #barriers = new Map<LaneTarget, LaneBarrier>();

  /** @param nameOf names a shard as the lanes of a target know it */
  constructor(targets: readonly LaneTarget[], parents: readonly string[], nameOf: (target: LaneTarget, shardId: string) => string) {
    this.#targets = targets;
    this.#parents = parents;
    this.#nameOf = nameOf;
    this.#waiting = new Set(parents.length > 0 ? targets : []);
  }

  /** A target whose lanes hold something of them; `undefined` where none does, from then on. */
  async firstBusy(epoch: number): Promise<string | undefined> {
    if (this.#waiting.size === 0) return undefined;
    for (const target of this.#targets) {
      if (this.#waiting.has(target) && !(await this.#isClear(target, epoch))) return target.sender.target;
      this.#waiting.delete(target);
    }
    return undefined;
  }

  async #isClear(target: LaneTarget, epoch: number): Promise<boolean> {
    const names = this.#parents.map((shardId) => this.#nameOf(target, shardId));
    if (target.laneOfShard?.(names[0]!) === undefined) return true;
    const barrier = this.#barriers.get(target) ?? target.sender.barrier(names);
    this.#barriers.set(target, barrier);
    return barrier.isPassed(epoch);
  }
}
