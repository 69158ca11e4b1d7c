import { hash } from 'node:crypto';
import type { ShardDescription } from './shard-description.ts';

/** A hash key as 32 hexadecimal digits, which compare as text as they do as numbers. */
const HEX_DIGITS = 32;

/** The open shards of a stream, by the hash keys that the service sends to them. */
export class ShardMap {
  /** The first hash key of each, ascending. */
  readonly #starts: readonly string[];
  readonly shardIds: readonly string[];

  /** @param shards of a stream, as it lists them; closed ones are left out */
  constructor(shards: readonly ShardDescription[]) {
    const open = shards
      .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
      .map(({ shardId, hashRange }) => ({ shardId, start: hexOf(hashRange.start) }))
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    this.#starts = open.map(({ start }) => start);
    this.shardIds = open.map(({ shardId }) => shardId);
  }

  /** The shard that a record goes to; `undefined` where the map is empty. */
  shardOf({ partitionKey, explicitHashKey }: { readonly partitionKey: string; readonly explicitHashKey?: string | undefined }) {
    const key = explicitHashKey === undefined ? hash('md5', partitionKey, 'hex') : hexOf(BigInt(explicitHashKey));
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= key) low = middle;
      else high = middle;
    }
    return this.shardIds[low];
  }
}

const hexOf = (hashKey: bigint): string => hashKey.toString(16).padStart(HEX_DIGITS, '0');
