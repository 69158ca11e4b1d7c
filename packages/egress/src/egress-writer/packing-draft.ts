/**
 * Fills a request with containers of the Kinesis Producer Library's format, so that many small records cost their shard one.
 *
 * Records share a container where they go to the same shard: those of one partition key, or all of an output shard. It is packed as the request
 * is filled, from what is known of the shards then; what fails waits as single records, and is packed anew. So after a reshard nothing that
 * was packed before is sent. Of a key, records are in their order, inside a container and from one to the next.
 */
import { Aggregator, type OutgoingRecord } from '@sluice/kinesis';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { Draft, DraftLimits, DraftRules } from './request-draft.ts';

export interface AggregationRules {
  /** What the records of a container share: their key, or the shard that they go to. */
  readonly by: 'key' | 'shard';
  /** Records in one container. */
  readonly maxRecords: number;
  /** Bytes of one container with its key. */
  readonly maxBytes: number;
}

interface PackingRules extends AggregationRules {
  /** Whether records of different keys keep an order, so that none may leave before one that was added earlier for the same shard. */
  readonly keepsLines?: boolean;
}

export class PackingDraft implements Draft<RecordInHand> {
  readonly items: RecordInHand[] = [];
  readonly entries: Container[] = [];
  readonly #rules: PackingRules;
  readonly #limits: DraftLimits;
  readonly #shards: Pick<LiveShards, 'shardOf'> | undefined;
  /** Of each record, the number of its entry. */
  readonly #places: number[] = [];
  /** The container that takes records of a group now, by its number. */
  readonly #open = new Map<string, number>();
  byteSize = 0;

  /** @param shards those that records go to; `undefined`: not known, so containers hold one key whatever the rules are */
  constructor(rules: PackingRules, limits: DraftLimits, shards: Pick<LiveShards, 'shardOf'> | undefined) {
    this.#rules = rules;
    this.#limits = limits;
    this.#shards = rules.by === 'shard' ? shards : undefined;
  }

  entryOf(index: number): number {
    return this.#places[index]!;
  }

  get isFull(): boolean {
    return this.items.length >= this.#limits.maxItems;
  }

  add(item: RecordInHand, { outlet, nowMs, joins = false }: DraftRules): 'added' | 'full' | 'short' {
    if (this.isFull) return 'full';
    const shardId = this.#shards?.shardOf(item);
    const group = shardId ?? keyGroupOf(item);
    const place = this.#open.get(group);
    const growth = place === undefined ? Number.POSITIVE_INFINITY : this.entries[place]!.growthBy(item);
    const hasRoom = this.byteSize + growth <= this.#limits.maxBytes;
    const isLast = place === this.#places.at(-1);
    // A container of one key may stand before records of others that go to the same shard.
    const mustBeLast = joins || (this.#rules.keepsLines && shardId === undefined);
    if (hasRoom && (isLast || !mustBeLast)) {
      if (outlet && !outlet.take(growth, nowMs, 0)) return 'short';
      this.entries[place!]!.add(item, growth);
      return this.#added(item, place!, growth);
    }
    if (joins || this.#isTooMuch(item.byteSize)) return 'full';
    if (outlet && !outlet.take(item.byteSize, nowMs)) return 'short';
    this.#open.set(group, this.entries.length);
    this.entries.push(new Container(item, shardId, this.#rules));
    return this.#added(item, this.entries.length - 1, item.byteSize);
  }

  #isTooMuch(byteSize: number): boolean {
    const { maxRecords, maxBytes } = this.#limits;
    return this.entries.length >= maxRecords || (this.entries.length > 0 && this.byteSize + byteSize > maxBytes);
  }

  #added(item: RecordInHand, place: number, growth: number): 'added' {
    this.items.push(item);
    this.#places.push(place);
    this.byteSize += growth;
    return 'added';
  }
}

/** One entry of a request: a record as it is, or several in a container. It is sent under the keys of its first record, and so routed like it. */
export class Container implements OutgoingRecord {
  readonly records: RecordInHand[];
  /** That of its records; `undefined` where they are of one key, so that it does not matter. */
  readonly shardId: string | undefined;
  readonly #rules: AggregationRules;
  #aggregate: Aggregator | undefined;
  #bytes: Buffer | undefined;
  byteSize: number;

  constructor(first: RecordInHand, shardId: string | undefined, rules: AggregationRules) {
    this.records = [first];
    this.shardId = shardId;
    this.#rules = rules;
    this.byteSize = first.byteSize;
  }

  get partitionKey(): string {
    return this.records[0]!.partitionKey;
  }

  get explicitHashKey(): string | undefined {
    return this.records[0]!.explicitHashKey;
  }

  get data(): Uint8Array {
    if (this.records.length === 1) return this.records[0]!.data;
    this.#bytes ??= this.#aggregate!.toBytes();
    return this.#bytes;
  }

  get dataRange() {
    return this.records.length === 1 ? this.records[0]!.dataRange : undefined;
  }

  /** Bytes that it would grow by; infinity where it has no room for the record. */
  growthBy(record: RecordInHand): number {
    if (this.records.length >= this.#rules.maxRecords) return Number.POSITIVE_INFINITY;
    this.#aggregate ??= this.#begin();
    return Buffer.byteLength(this.partitionKey) + this.#aggregate.byteSize + this.#aggregate.growthBy(record) - this.byteSize;
  }

  /** @param growth as {@link growthBy} answered it */
  add(record: RecordInHand, growth: number): void {
    this.#aggregate!.add(record);
    this.records.push(record);
    this.byteSize += growth;
  }

  #begin(): Aggregator {
    const aggregate = new Aggregator(this.#rules.maxBytes);
    // One that is too large for any container leaves alone and plain: nothing joins it.
    if (!aggregate.add(this.records[0]!)) return FULL;
    return aggregate;
  }
}

const FULL = new Aggregator(0);

/** Records with the same one go to the same shard, whatever the shards are. */
const keyGroupOf = ({ partitionKey, explicitHashKey = '' }: RecordInHand): string => `${explicitHashKey}/${partitionKey}`;
