import { hash } from 'node:crypto';
import type { ShardDescription } from './shard-description.ts';

/** A hash key as 32 hexadecimal digits, which compare as text as they do as numbers. */
const HEX_DIGITS = 32;

interface Keyed {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
}

/** The shards of a stream, by the hash keys that the service sends to them. */
export class ShardMap {
  /** The first hash key of each open shard, ascending. */
  readonly #starts: readonly string[];
  /** Of each shard, open or closed. */
  readonly #ranges: ReadonlyMap<string, { readonly start: string; readonly end: string }>;
  /** The open ones. */
  readonly shardIds: readonly string[];

  /** @param shards of a stream, as it lists them; records go to the open ones */
  constructor(shards: readonly ShardDescription[]) {
    const ranges = shards.map(({ shardId, hashRange }) => [shardId, { start: hexOf(hashRange.start), end: hexOf(hashRange.end) }] as const);
    this.#ranges = new Map(ranges);
    const closed = new Set(shards.flatMap(({ shardId, endingSequenceNumber }) => (endingSequenceNumber === undefined ? [] : [shardId])));
    const open = ranges.filter(([shardId]) => !closed.has(shardId)).sort(([, a], [, b]) => (a.start < b.start ? -1 : 1));
    this.#starts = open.map(([, { start }]) => start);
    this.shardIds = open.map(([shardId]) => shardId);
  }

  /** Whether a shard is listed, open or closed. */
  has(shardId: string): boolean {
    return this.#ranges.has(shardId);
  }

  /** Whether a record's hash key is one of those of a shard, open or closed; `false` where the shard is not listed. */
  isOf(shardId: string, record: Keyed): boolean {
    const range = this.#ranges.get(shardId);
    if (!range) return false;
    const key = hashKeyOf(record);
    return range.start <= key && key <= range.end;
  }

  /** The shard that a record goes to; `undefined` where the map is empty. */
  shardOf(record: Keyed): string | undefined {
    const key = hashKeyOf(record);
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= key) low = middle;
      else high = middle;
    }
    return this.shardIds[low];
  }
}

const hashKeyOf = ({ partitionKey, explicitHashKey }: Keyed): string =>
  explicitHashKey === undefined ? hash('md5', partitionKey, 'hex') : hexOf(BigInt(explicitHashKey));

const hexOf = (hashKey: bigint): string => hashKey.toString(16).padStart(HEX_DIGITS, '0');
