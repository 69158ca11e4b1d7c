/** What Sluice asks of Kinesis. `createKinesisClient` answers it over HTTP, `FakeKinesis` (in `/testing`) in memory. */
import type { RecordPage } from './page/record-page.ts';
import type { OutgoingRecord } from './record-check.ts';
import type { ShardDescription } from './shard-description.ts';

export interface StreamDescription {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  /** With the ARN it distinguishes a stream from a later one of the same name. */
  readonly createdAtMs: number;
  readonly retentionHours: number;
  readonly openShardCount: number;
  /** Data and key of one record. */
  readonly maxRecordBytes: number;
  /** The service places records by itself: partition keys may be missing and mean nothing. */
  readonly isAutoDistributed: boolean;
}

export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number }
  | { readonly type: 'AT_SEQUENCE_NUMBER'; readonly sequenceNumber: string }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

export interface GetShardIteratorInput {
  /** Name or ARN. */
  readonly stream: string;
  readonly shardId: string;
  readonly position: StartingPosition;
}

export interface GetRecordsInput {
  /** Name or ARN; names the stream in each record's origin. */
  readonly stream: string;
  readonly shardId: string;
  readonly iterator: string;
  /** 1 to 10,000 records, aggregates counted as one. */
  readonly limit: number;
  /** Called right before the request is sent, signed and with a connection to go on; what it throws ends the call. */
  readonly beforeSending?: () => void;
}

/** The outcome for one record of a request, in the order of the request. */
export type PutResult =
  | { readonly sequenceNumber: string; readonly shardId: string }
  | { readonly errorCode: string; readonly errorMessage: string };

export interface PutRecordsInput {
  /** Name or ARN. */
  readonly stream: string;
  /** 1 to 500 records, at most 10 MiB with their keys. */
  readonly records: readonly OutgoingRecord[];
  /** Ends the call with `KinesisTimeoutError`. The client's own where absent. */
  readonly timeoutMs?: number;
  /** Asked right before the request is sent, signed and with a connection to go on; `false` ends the call with `RequestNotSentError`. */
  readonly canSend?: () => boolean;
}

export interface PutRecordsOutput {
  readonly failedCount: number;
  readonly results: readonly PutResult[];
}

/** Every method rejects with a `SluiceError` (see `toKinesisError`), or with the signal's reason once it is aborted. */
export interface KinesisSource {
  describeStream(stream: string, signal?: AbortSignal): Promise<StreamDescription>;
  /** All shards that still hold records, open and closed. */
  listShards(stream: string, signal?: AbortSignal): Promise<readonly ShardDescription[]>;
  getShardIterator(input: GetShardIteratorInput, signal?: AbortSignal): Promise<string>;
  getRecords(input: GetRecordsInput, signal?: AbortSignal): Promise<RecordPage>;
}

/** Names a consumer of enhanced fan-out. */
export interface ConsumerName {
  readonly streamArn: string;
  readonly name: string;
}

/** A consumer that is registered with a stream. */
export interface StreamConsumer {
  readonly arn: string;
  /** Whether it may subscribe: it is neither being created nor being deleted. */
  readonly isActive: boolean;
}

export interface SubscribeInput {
  /** Name or ARN; names the stream in each record's origin. */
  readonly stream: string;
  readonly shardId: string;
  readonly consumerArn: string;
  readonly position: StartingPosition;
  /** Called right before the request is sent, with a connection to go on; what it throws ends the call. */
  readonly beforeSending?: () => void;
}

/** Records as the service pushes them, for five minutes. What is not asked for stays with the service, but for a quarter of a MiB. Disposing of it ends it. */
export interface ShardSubscription extends Disposable {
  /**
   * Bytes of the next event, once it begins to come; `undefined` once the subscription has ended as its time does, so that it is to be renewed.
   * @throws {SubscriptionDisplacedError} another reader has subscribed with the same consumer
   * @throws {KinesisTimeoutError} nothing came for long, though the service sends an event now and then also where there are no records
   */
  arrival(): Promise<number | undefined>;
  /**
   * The event that has arrived, and as one page with it those behind it that have come already, as long as they began below `maxBytes`.
   * Its `nextIterator` is the sequence number after which to continue; `null` at the end of the shard.
   * @param maxBytes 0 where absent: one event
   */
  read(maxBytes?: number): Promise<RecordPage>;
}

/** Every method rejects with a `SluiceError` (see `toKinesisError`), or with the signal's reason once it is aborted. */
export interface KinesisPush {
  /** @throws {StreamNotFoundError} there is no such stream or consumer */
  findConsumer(consumer: ConsumerName, signal?: AbortSignal): Promise<StreamConsumer>;
  registerConsumer(consumer: ConsumerName, signal?: AbortSignal): Promise<StreamConsumer>;
  /** @throws {SubscriptionInUseError} the consumer is not active, or subscribed to the shard less than five seconds ago */
  subscribeToShard(input: SubscribeInput, signal?: AbortSignal): Promise<ShardSubscription>;
}

/** Every method rejects with a `SluiceError` (see `toKinesisError`), or with the signal's reason once it is aborted. */
export interface KinesisSink {
  describeStream(stream: string, signal?: AbortSignal): Promise<StreamDescription>;
  /** All shards that still hold records, open and closed. */
  listShards(stream: string, signal?: AbortSignal): Promise<readonly ShardDescription[]>;
  /** Resolves with one result a record; a record that failed alone does not reject the call. Order inside a request is not promised. */
  putRecords(input: PutRecordsInput, signal?: AbortSignal): Promise<PutRecordsOutput>;
}
