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

/** Every method rejects with a `SluiceError` (see `toKinesisError`), or with the signal's reason once it is aborted. */
export interface KinesisSink {
  describeStream(stream: string, signal?: AbortSignal): Promise<StreamDescription>;
  /** All shards that still hold records, open and closed. */
  listShards(stream: string, signal?: AbortSignal): Promise<readonly ShardDescription[]>;
  /** Resolves with one result a record; a record that failed alone does not reject the call. Order inside a request is not promised. */
  putRecords(input: PutRecordsInput, signal?: AbortSignal): Promise<PutRecordsOutput>;
}
