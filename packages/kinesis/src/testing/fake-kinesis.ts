import type { SluiceRecord } from '@sluice/core';
import { IteratorExpiredError, KinesisValidationError, StreamNotFoundError, SubscriptionInUseError } from '../errors.ts';
import { hashKeyOf, includesHashKey } from '../hash-key.ts';
import { DEFAULT_MAX_RECORD_BYTES, MAX_BYTES_PER_PUT, MAX_RECORDS_PER_PUT } from '../limits.ts';
import { createRecordPage, type RecordPage } from '../page/record-page.ts';
import type {
  ConsumerName,
  KinesisPush,
  KinesisSink,
  KinesisSource,
  PutResult,
  ShardSubscription,
  StartingPosition,
  StreamConsumer,
  StreamDescription,
  SubscribeInput,
} from '../ports.ts';
import { checkRecord, type OutgoingRecord, recordByteSize } from '../record-check.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';
import type { ShardDescription } from '../shard-description.ts';
import { FakePush, FakeSubscription } from './fake-push.ts';
import { type FakeShard, mergedShard, openShards, splitShards } from './fake-shards.ts';

type Operation = keyof KinesisSource | keyof KinesisSink | keyof KinesisPush;

/** Kinesis in memory, for tests: all ports, resharding and faults. No quotas and no delays. */
export class FakeKinesis implements KinesisSource, KinesisSink, KinesisPush {
  /** Consumers, and subscriptions that a test may end. */
  readonly push = new FakePush();
  readonly #streams = new Map<string, FakeShard[]>();
  readonly #createdAtMs = new Map<string, number>();
  readonly #faults: Array<{ readonly operation: Operation; readonly error: unknown }> = [];
  #lastNumber = 10n ** 20n;
  #generation = 0;
  /** Calls made so far, newest last. */
  readonly calls: Operation[] = [];

  createStream(stream: string, shardCount: number, createdAtMs = 1_700_000_000_000): void {
    this.#streams.set(stream, openShards(shardCount, this.#nextNumber()));
    this.#createdAtMs.set(stream, createdAtMs);
  }

  deleteStream(stream: string): void {
    this.#streams.delete(stream);
  }

  /** Makes it another stream of the same name and shards: whatever was handed out for the old one works on. */
  recreateStream(stream: string, createdAtMs: number): void {
    this.#createdAtMs.set(stream, createdAtMs);
  }

  /** Forgets a closed shard, as the service does once all its records have left the retention period. */
  expireShard(stream: string, shardId: string): void {
    const shards = this.#shardsOf(stream, 'expireShard');
    shards.splice(shards.indexOf(this.#shardOf(shards, shardId)), 1);
  }

  /** The shards of a stream, oldest first. */
  shardIds(stream: string): readonly string[] {
    return this.#shardsOf(stream, 'shardIds').map(({ shardId }) => shardId);
  }

  /** Makes the next call of `operation` that has no fault yet fail with `error`. */
  failNext(operation: Operation, error: unknown): void {
    this.#faults.push({ operation, error });
  }

  /** Makes every iterator that was handed out so far too old. */
  expireIterators(): void {
    this.#generation++;
  }

  splitShard(stream: string, shardId: string): void {
    const shards = this.#shardsOf(stream, 'splitShard');
    const parent = this.#shardOf(shards, shardId);
    parent.endingSequenceNumber = this.#nextNumber();
    shards.push(...splitShards(parent, shards.length, this.#nextNumber()));
    this.push.changed();
  }

  mergeShards(stream: string, shardId: string, adjacentShardId: string): void {
    const shards = this.#shardsOf(stream, 'mergeShards');
    const parents = [this.#shardOf(shards, shardId), this.#shardOf(shards, adjacentShardId)] as const;
    for (const parent of parents) parent.endingSequenceNumber = this.#nextNumber();
    shards.push(mergedShard(...parents, shards.length, this.#nextNumber()));
    this.push.changed();
  }

  async describeStream(stream: string): Promise<StreamDescription> {
    this.#enter('describeStream');
    const shards = this.#shardsOf(stream, 'describeStream');
    return {
      name: stream,
      arn: `arn:aws:kinesis:local:000000000000:stream/${stream}`,
      status: 'ACTIVE',
      createdAtMs: this.#createdAtMs.get(stream)!,
      retentionHours: 24,
      openShardCount: shards.filter(isOpen).length,
      maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
      isAutoDistributed: false,
    };
  }

  async listShards(stream: string): Promise<readonly ShardDescription[]> {
    this.#enter('listShards');
    return this.#shardsOf(stream, 'listShards').map(({ shardId, parents, hashRange, startingSequenceNumber, endingSequenceNumber }) => ({
      ...{ shardId, parentShardId: parents[0], adjacentParentShardId: parents[1] },
      ...{ hashRange, startingSequenceNumber, endingSequenceNumber },
    }));
  }

  async getShardIterator({ stream, shardId, position }: Parameters<KinesisSource['getShardIterator']>[0]): Promise<string> {
    this.#enter('getShardIterator');
    const { records } = this.#shardOf(this.#shardsOf(stream, 'getShardIterator'), shardId);
    return this.#iterator(indexOf(records, position));
  }

  async getRecords({ stream, shardId, iterator, limit, beforeSending }: Parameters<KinesisSource['getRecords']>[0]): Promise<RecordPage> {
    beforeSending?.();
    this.#enter('getRecords');
    const shards = this.#shardsOf(stream, 'getRecords');
    const shard = this.#shardOf(shards, shardId);
    const [generation, index] = iterator.split(':').map(Number) as [number, number];
    if (generation !== this.#generation) throw new IteratorExpiredError(shardId);
    const raw = shard.records.slice(index, index + limit);
    const isAtEnd = index + raw.length >= shard.records.length;
    const isEnded = isAtEnd && !isOpen(shard);
    const children = isEnded ? shards.filter(({ parents }) => parents.includes(shardId)) : [];
    return createRecordPage({
      records: raw,
      nextIterator: isEnded ? null : this.#iterator(index + raw.length),
      childShards: children.map((child) => ({ shardId: child.shardId, parents: child.parents })),
      millisBehindLatest: isAtEnd ? 0 : 1_000,
    });
  }

  async putRecords({ stream, records }: Parameters<KinesisSink['putRecords']>[0]) {
    this.#enter('putRecords');
    const shards = this.#shardsOf(stream, 'putRecords');
    const byteSize = records.reduce((sum, record) => sum + recordByteSize(record), 0);
    const flaw = records.map((record) => checkRecord(record, DEFAULT_MAX_RECORD_BYTES)).find(Boolean);
    if (flaw || records.length === 0 || records.length > MAX_RECORDS_PER_PUT || byteSize > MAX_BYTES_PER_PUT) {
      throw new KinesisValidationError(flaw?.message ?? 'too many or too large', { stream }, undefined);
    }
    const results = records.map((record) => this.#store(stream, shards, record));
    this.push.changed();
    return { failedCount: 0, results };
  }

  async findConsumer(consumer: ConsumerName): Promise<StreamConsumer> {
    this.#enter('findConsumer');
    return this.push.find(consumer);
  }

  async registerConsumer(consumer: ConsumerName): Promise<StreamConsumer> {
    this.#enter('registerConsumer');
    return this.push.register(consumer);
  }

  async subscribeToShard({ stream, shardId, consumerArn, position, beforeSending }: SubscribeInput): Promise<ShardSubscription> {
    beforeSending?.();
    this.#enter('subscribeToShard');
    const shards = this.#shardsOf(stream, 'subscribeToShard');
    const { isActive } = this.push.consumer(consumerArn);
    if (!isActive) throw new SubscriptionInUseError('the consumer is not active', { stream, shardId }, undefined);
    const shard = this.#shardOf(shards, shardId);
    const childrenOf = () => shards.filter(({ parents }) => parents.includes(shardId));
    const subscription = new FakeSubscription({ shard, index: indexOf(shard.records, position), childrenOf });
    this.push.add(consumerArn, shardId, subscription);
    return subscription;
  }

  #store(stream: string, shards: readonly FakeShard[], { partitionKey, explicitHashKey, data }: OutgoingRecord): PutResult {
    const hashKey = explicitHashKey === undefined ? hashKeyOf(partitionKey) : BigInt(explicitHashKey);
    const { shardId, records } = shards.find((shard) => isOpen(shard) && includesHashKey(shard.hashRange, hashKey))!;
    const sequenceNumber = this.#nextNumber();
    const origin = { stream, shardId, sequenceNumber, subSequenceNumber: 0, arrivalTimeMs: Number(this.#lastNumber - 10n ** 20n) };
    records.push({ partitionKey, data: Buffer.from(data), metadata: {}, origin });
    return { sequenceNumber, shardId };
  }

  #enter(operation: Operation): void {
    this.calls.push(operation);
    const at = this.#faults.findIndex((fault) => fault.operation === operation);
    if (at >= 0) throw this.#faults.splice(at, 1)[0]!.error;
  }

  #shardsOf(stream: string, operation: string): FakeShard[] {
    const shards = this.#streams.get(stream);
    if (!shards) throw new StreamNotFoundError('no such stream', { operation, stream }, undefined);
    return shards;
  }

  #shardOf(shards: readonly FakeShard[], shardId: string): FakeShard {
    const shard = shards.find((each) => each.shardId === shardId);
    if (!shard) throw new StreamNotFoundError('no such shard', { shardId }, undefined);
    return shard;
  }

  #iterator = (index: number): string => `${this.#generation}:${index}`;

  #nextNumber(): string {
    this.#lastNumber += 1n;
    return String(this.#lastNumber);
  }
}

const isOpen = ({ endingSequenceNumber }: FakeShard): boolean => endingSequenceNumber === undefined;

/** The first record at or after a position; one past the last where there is none. */
function indexOf(records: readonly SluiceRecord[], position: StartingPosition): number {
  const isReached = ({ origin }: SluiceRecord): boolean => {
    switch (position.type) {
      case 'TRIM_HORIZON':
        return true;
      case 'LATEST':
        return false;
      case 'AT_TIMESTAMP':
        return origin!.arrivalTimeMs >= position.timestampMs;
      case 'AT_SEQUENCE_NUMBER':
        return compareSequenceNumbers(origin!.sequenceNumber, position.sequenceNumber) >= 0;
      case 'AFTER_SEQUENCE_NUMBER':
        return compareSequenceNumbers(origin!.sequenceNumber, position.sequenceNumber) > 0;
    }
  };
  const index = records.findIndex(isReached);
  return index < 0 ? records.length : index;
}
