import type { LaneBatch } from '@sluice/queue';

/** What a stream should bring: the records of each shard in their order, and its parents. */
export interface ModelShard {
  readonly parents: readonly string[];
  /** Sequence numbers of all that was written to it. */
  readonly written: readonly string[];
}

/**
 * The lanes of a target, as far as a reader can do them wrong: they skip what their replay filter knows (a lower token, a position seen
 * before), and what is left must be every record of each shard once, in order, and none of a shard before all of its parents.
 */
export class ModelLanes {
  /** Expected and found; empty as long as all is well. */
  readonly violations: string[] = [];
  readonly #shardOf: (shardId: string) => ModelShard;
  readonly #seen = new Map<string, { token: number; count: number }>();

  constructor(shardOf: (shardId: string) => ModelShard) {
    this.#shardOf = shardOf;
  }

  /** How many records of a shard have come. */
  countOf(shardId: string): number {
    return this.#seen.get(shardId)?.count ?? 0;
  }

  push({ records, source }: LaneBatch): void {
    const { shardId, token } = source!;
    const seen = this.#seen.get(shardId) ?? { token: 0, count: 0 };
    if (token.number < seen.token) return;
    this.#seen.set(shardId, seen);
    seen.token = token.number;
    const { parents, written } = this.#shardOf(shardId);
    for (const { origin } of records) {
      const place = written.indexOf(origin!.sequenceNumber);
      if (place < seen.count) continue;
      if (place > seen.count) this.violations.push(`record ${seen.count} of ${shardId} was left out before record ${place}`);
      const open = parents.find((parent) => this.countOf(parent) < this.#shardOf(parent).written.length);
      if (open !== undefined) this.violations.push(`record ${place} of ${shardId} came before all of its parent ${open}`);
      seen.count = place + 1;
    }
  }
}
