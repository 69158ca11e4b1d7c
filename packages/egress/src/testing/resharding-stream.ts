/** A stream in memory whose shards are split and merged while it is written. Its list of shards may be behind; answers come when told. */

import type { OutgoingRecord, PutRecordsInput, PutRecordsOutput, PutResult, ShardDescription } from '@sluice/kinesis';
import { ShardMap } from '@sluice/kinesis';
import { expandAggregate } from '@sluice/kinesis/testing';
import type { SeededRandom } from '@sluice/testkit';
import { settled } from './held-sink.ts';

const HASH_KEYS = 1n << 128n;

interface Open {
  readonly input: PutRecordsInput;
  readonly resolve: (output: PutRecordsOutput) => void;
  readonly reject: (error: unknown) => void;
}

export class ReshardingStream {
  readonly open: Open[] = [];
  /** What was written, in its order, with its shard. */
  readonly log: { readonly shardId: string; readonly record: OutgoingRecord }[] = [];
  readonly #random: SeededRandom;
  #shards: ShardDescription[] = [];
  /** As the list has them. */
  #listed: readonly ShardDescription[] = [];
  entries = 0;

  constructor(random: SeededRandom, shardCount: number) {
    this.#random = random;
    const size = HASH_KEYS / BigInt(shardCount);
    for (let at = 0; at < shardCount; at++)
      this.#add(BigInt(at) * size, at === shardCount - 1 ? HASH_KEYS - 1n : BigInt(at + 1) * size - 1n);
    this.listAll();
  }

  putRecords(input: PutRecordsInput): Promise<PutRecordsOutput> {
    return new Promise((resolve, reject) => this.open.push({ input, resolve, reject }));
  }

  map(): ShardMap {
    return new ShardMap(this.#listed);
  }

  /** From now on the list has all shards. */
  listAll(): void {
    this.#listed = [...this.#shards];
  }

  /** Splits a shard, or merges two neighbours. */
  reshard(): void {
    const open = this.#openShards();
    const index = this.#random.below(open.length);
    const [one, other] = [open[index]!, open[index + 1]];
    const { start, end } = one.hashRange;
    this.#close(one);
    if (other && this.#random.chance(0.5)) {
      this.#close(other);
      this.#add(start, other.hashRange.end);
      return;
    }
    const middle = start + (end - start) / 2n;
    this.#add(start, middle);
    this.#add(middle + 1n, end);
  }

  /** Answers a request, any of those open. @param failures part of the entries that fail */
  async answer(failures: number): Promise<void> {
    const [request] = this.open.splice(this.#random.below(this.open.length), 1);
    if (!request) return;
    const results = request.input.records.map((record): PutResult => {
      if (this.#random.chance(failures)) return { errorCode: 'InternalFailure', errorMessage: 'so the test says' };
      const shardId = new ShardMap(this.#shards).shardOf(record)!;
      this.log.push({ shardId, record: { ...record, ...keysOf(record), data: record.data } });
      this.entries++;
      return { sequenceNumber: String(this.log.length), shardId };
    });
    request.resolve({ results, failedCount: results.filter((result) => 'errorCode' in result).length });
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.open.splice(this.#random.below(this.open.length), 1)[0]?.reject(error);
    await settled();
  }

  /** The data of all records, as text, as the KCL finds them: of an aggregate with a record that is in a shard not its own it drops all. */
  read(): string[] {
    const all = new ShardMap(this.#shards);
    return this.log.flatMap(({ shardId, record }) => {
      const records = expandAggregate({ ...keysOf(record), data: record.data, metadata: {} });
      return records.every((one) => all.isOf(shardId, one)) ? records.map(({ data }) => Buffer.from(data).toString()) : [];
    });
  }

  #openShards(): ShardDescription[] {
    return this.#shards
      .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
      .sort((a, b) => (a.hashRange.start < b.hashRange.start ? -1 : 1));
  }

  #add(start: bigint, end: bigint): void {
    this.#shards.push({ shardId: `shard-${this.#shards.length}`, hashRange: { start, end }, startingSequenceNumber: '1' });
  }

  #close(shard: ShardDescription): void {
    this.#shards = this.#shards.map((one) => (one === shard ? { ...one, endingSequenceNumber: '2' } : one));
  }
}

const keysOf = ({ partitionKey, explicitHashKey }: OutgoingRecord) => ({
  partitionKey,
  ...(explicitHashKey !== undefined && { explicitHashKey }),
});
