import type { BackoffPolicy } from '@sluice/core';
import type { AwsSettings } from './aws.ts';
import type { BatchPolicy } from './batch-policy.ts';
import type { BloblangSource, SourcePosition } from './position.ts';
import type { ProcessorSettings } from './processor.ts';
import type { ResourcesSettings } from './resources.ts';
import type { Secret } from './secret.ts';

/** A named sink. */
export interface Egress {
  /** `namespace/name` (module.yaml), or `output/<label>`, `output/aws_kinesis` (Benthos). */
  readonly id: string;
  readonly position: SourcePosition;
  readonly aws: AwsSettings;
  readonly stream: EgressStream;
  readonly partitionKey: KeySource;
  /** `none` leaves the record's place to its partition key. A template that yields an empty string counts as none too. */
  readonly hashKey: KeySource | { readonly type: 'none' };
  readonly ordering: Ordering;
  readonly aggregation: AggregationSettings;
  /** Batches written at the same time, at most. */
  readonly maxInFlight: number;
  /** Records written at the same time, at most; `undefined` = no limit of its own (Benthos). */
  readonly maxOutstandingRecords: number | undefined;
  /** `undefined`: no batcher, records leave as the lane delivers them. */
  readonly batching: BatchPolicy | undefined;
  /** Budget of one write; once spent, the jobs in hand go back to their lane. */
  readonly retry: BackoffPolicy;
  readonly writer: WriterSettings;
  /** Whether its processors, and its keys where nothing else batches, see what a lane has of an input batch as a whole. */
  readonly takesBatches: boolean;
  /** Benthos `pipeline.processors` and the output's `processors`, in this order, run before batching. */
  readonly processors: readonly ProcessorSettings[];
  /** Whether a record whose processing failed becomes a dead letter (Benthos `error_handling.strict`); else it is written as it is. */
  readonly refusesFailedRecords: boolean;
  /** What its processors share. */
  readonly resources: ResourcesSettings;
  /** Where the data of records go that are too large for the stream; `undefined`: such records become dead letters. */
  readonly oversize: OversizeSettings | undefined;
  /** Lanes of this egress. */
  readonly lanes: number;
  /** Properties exactly as the Stateful Functions connector would receive them, secrets guarded; empty for Benthos. */
  readonly connectorProperties: Readonly<Record<string, string | Secret>>;
}

/** A bucket for data; the region and the credentials are those of the egress. */
export interface OversizeSettings {
  readonly bucket: string;
  readonly prefix: string;
  readonly isPathStyle: boolean;
  readonly aws: AwsSettings;
}

export type EgressStream =
  /** Name or ARN. */
  | { readonly type: 'fixed'; readonly stream: string }
  /** Each record names its stream (Stateful Functions); `default` is for those that do not. */
  | { readonly type: 'record'; readonly default: string | undefined };

export type KeySource =
  | { readonly type: 'template'; readonly template: BloblangSource }
  /** The record's own key. */
  | { readonly type: 'record' };

export type Ordering = 'key' | 'strict' | 'shard' | 'none';

/** KPL aggregation: several user records in one Kinesis record. */
export interface AggregationSettings {
  readonly enabled: boolean;
  /** What they share: their key, or the output shard that their keys go to. */
  readonly by: 'key' | 'shard';
  readonly maxCount: number;
  readonly maxBytes: number;
}

export interface WriterSettings {
  /** Records a PutRecords call holds, at most (1–500). */
  readonly maxRecordsPerRequest: number;
  /** Bytes a PutRecords call holds, keys included, at most. */
  readonly maxBytesPerRequest: number;
  /** How long a record may wait for others to fill an aggregate or a request; `undefined` = the batch policy alone. */
  readonly maxBufferedMs: number | undefined;
  /** Age at which a record that still is not written becomes a dead letter; `undefined` = never. */
  readonly recordTtlMs: number | undefined;
  /** A throttled record is not retried but becomes a dead letter. */
  readonly failIfThrottled: boolean;
  /** What each worker sends to a shard at most, in per cent of the shard's quota; `undefined` = what the shard has room for. */
  readonly rateLimit: number | undefined;
}

export const defaultWriterSettings: WriterSettings = {
  maxRecordsPerRequest: 500,
  maxBytesPerRequest: 10 * 1024 * 1024,
  maxBufferedMs: undefined,
  recordTtlMs: undefined,
  failIfThrottled: false,
  rateLimit: undefined,
};
