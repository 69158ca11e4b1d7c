/**
 * Which shard came from which. A split gives one parent two children, a merge gives one child two parents, and order per key
 * across a reshard holds only where every parent has been read to its end before a child is begun.
 */
import { type HashRange, MAX_HASH_KEY } from './hash-key.ts';

export interface ShardDescription {
  readonly shardId: string;
  readonly parentShardId?: string | undefined;
  /** The second parent of a merged shard. */
  readonly adjacentParentShardId?: string | undefined;
  readonly hashRange: HashRange;
  readonly startingSequenceNumber: string;
  /** Absent while the shard is open. */
  readonly endingSequenceNumber?: string | undefined;
}

export class ShardGraph {
  readonly #shards: ReadonlyMap<string, ShardDescription>;
  readonly #children = new Map<string, string[]>();

  constructor(shards: Iterable<ShardDescription>) {
    this.#shards = new Map([...shards].map((shard) => [shard.shardId, shard]));
    for (const { shardId } of this.#shards.values()) {
      for (const parent of this.parentsOf(shardId)) this.#children.set(parent, [...(this.#children.get(parent) ?? []), shardId]);
    }
  }

  get shards(): readonly ShardDescription[] {
    return [...this.#shards.values()];
  }

  get(shardId: string): ShardDescription | undefined {
    return this.#shards.get(shardId);
  }

  /** The parents that the service still lists. One whose records all left the stream's retention is listed no more: nothing of it is left to wait for. */
  parentsOf(shardId: string): readonly string[] {
    const shard = this.#shards.get(shardId);
    return [shard?.parentShardId, shard?.adjacentParentShardId].filter(
      (parent) => parent !== undefined && this.#shards.has(parent),
    ) as string[];
  }

  childrenOf(shardId: string): readonly string[] {
    return this.#children.get(shardId) ?? [];
  }

  /** The shards that may be read now: not finished themselves, every listed parent finished. */
  claimable(finished: ReadonlySet<string>): readonly string[] {
    return [...this.#shards.keys()].filter(
      (shardId) => !finished.has(shardId) && this.parentsOf(shardId).every((parent) => finished.has(parent)),
    );
  }

  /**
   * The hash keys that no unfinished shard covers, in order. Anything but an empty list means that records would be missed:
   * a finished shard's children are not listed yet, or a shard is taken for finished that never was.
   */
  uncovered(finished: ReadonlySet<string>): readonly HashRange[] {
    const ranges = this.shards
      .filter(({ shardId }) => !finished.has(shardId))
      .map(({ hashRange }) => hashRange)
      .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    const gaps: HashRange[] = [];
    let next = 0n;
    for (const { start, end } of ranges) {
      if (start > next) gaps.push({ start: next, end: start - 1n });
      if (end >= next) next = end + 1n;
    }
    if (next <= MAX_HASH_KEY) gaps.push({ start: next, end: MAX_HASH_KEY });
    return gaps;
  }
}
