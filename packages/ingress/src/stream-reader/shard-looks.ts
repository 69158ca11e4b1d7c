/**
 * What several lists of a stream's shards, over time, prove of a shard that is missing from them.
 *
 * The control plane is eventually consistent: for a while after a reshard a list may show the shards before it, and GetShardIterator may
 * not know a child. So "not listed" is no proof that a shard has expired. A shard is gone only where retention explains it, and every
 * list over some time agrees:
 *
 * - the stream is older than its retention: before that nothing can have left it;
 * - none of its parents is listed: a parent that is still there was closed within the retention, and the shard began only then;
 * - the list is newer than the shard: it holds one with a higher ID, as whatever covers an expired shard's hash keys was made after it;
 * - no list within the retention showed it open: it leaves the stream only once it has been closed for that long.
 */
import type { Clock } from '@sluice/core';
import type { HashRange, ShardDescription, StreamDescription } from '@sluice/kinesis';

const MIN_LOOKS = 3;
const MIN_MISSING_MS = 120_000;
const HOUR_MS = 3_600_000;

interface Missing {
  readonly sinceMs: number;
  readonly looks: number;
}

export class ShardLooks {
  readonly #clock: Clock;
  readonly #missing = new Map<string, Missing>();
  /** Shard ID to the monotonic time at which a list last showed it open. */
  readonly #openAt = new Map<string, number>();
  #uncoveredLooks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Notes a list, and answers which of the shards asked about have expired for certain.
   * @param known shards of which this worker knows, with their parents
   */
  gone(
    listed: readonly ShardDescription[],
    known: readonly { readonly shardId: string; readonly parents: readonly string[] }[],
    { createdAtMs, retentionHours }: Pick<StreamDescription, 'createdAtMs' | 'retentionHours'>,
  ): ReadonlySet<string> {
    const now = this.#clock.monotonic();
    const retentionMs = retentionHours * HOUR_MS;
    const isListed = new Set(listed.map(({ shardId }) => shardId));
    const newest = listed.reduce((last, { shardId }) => (shardId > last ? shardId : last), '');
    for (const { shardId, endingSequenceNumber } of listed) {
      this.#missing.delete(shardId);
      if (endingSequenceNumber === undefined) this.#openAt.set(shardId, now);
    }
    const isOldEnough = this.#clock.now() - createdAtMs >= retentionMs;
    return new Set(
      known
        .filter(({ shardId, parents }) => {
          if (isListed.has(shardId)) return false;
          const { sinceMs, looks } = this.#note(shardId, now);
          const wasOpen = now - (this.#openAt.get(shardId) ?? Number.NEGATIVE_INFINITY) < retentionMs;
          const isProven = isOldEnough && shardId < newest && !wasOpen && !parents.some((parent) => isListed.has(parent));
          return isProven && looks >= MIN_LOOKS && now - sinceMs >= MIN_MISSING_MS;
        })
        .map(({ shardId }) => shardId),
    );
  }

  /** The hash keys that no unfinished shard covers, once several lists in a row left some uncovered. */
  persistent(uncovered: readonly HashRange[]): readonly HashRange[] {
    this.#uncoveredLooks = uncovered.length > 0 ? this.#uncoveredLooks + 1 : 0;
    return this.#uncoveredLooks >= MIN_LOOKS ? uncovered : [];
  }

  #note(shardId: string, now: number): Missing {
    const before = this.#missing.get(shardId);
    const missing = { sinceMs: before?.sinceMs ?? now, looks: (before?.looks ?? 0) + 1 };
    this.#missing.set(shardId, missing);
    return missing;
  }
}
