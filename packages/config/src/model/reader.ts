import type { SourcePosition } from './position.ts';

/** How shards are read. Times in milliseconds. */
export interface ReaderSettings {
  /** `Limit` of GetRecords, 1–10000. */
  readonly maxRecordsPerRead: number;
  /** Least time between two GetRecords calls of a shard. */
  readonly pollIntervalMs: number;
  /** Shrinks `Limit` to what the shard's 2 MiB/s allow. */
  readonly adaptiveReads: boolean;
  readonly shardDiscoveryIntervalMs: number;
  /** `undefined`: shards are polled. */
  readonly fanOut: FanOutSettings | undefined;
  /** Records of a shard read but not yet handed on, at most (Benthos `checkpoint_limit`); `undefined` = the worker's byte budget alone. */
  readonly checkpointLimit: number | undefined;
  /** Least time between two checkpoints of a shard that are written; 0 = with every batch that is enqueued. */
  readonly commitPeriodMs: number;
  /** How calls that fail are tried again, where the user says so; a worker's own way otherwise. */
  readonly retries: RetriesOfReader;
}

export interface RetriesOfReader {
  readonly getRecords?: RetryNumbers;
  readonly getShardIterator?: RetryNumbers;
  readonly listShards?: RetryNumbers;
}

/** As Flink's consumer has them: each pause is a random part of `min(maxMs, baseMs * factor ** attempt)`, with `attempt` from 0. */
export interface RetryNumbers {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** Of the same call in a row; `undefined` = no limit. */
  readonly maxRetries: number | undefined;
}

/** Enhanced fan-out: push over HTTP/2 with 2 MiB/s of each shard for the consumer alone. Times in milliseconds. */
export interface FanOutSettings {
  /** Where it is asked for. */
  readonly position: SourcePosition;
  /** Name of the consumer; registered where it is not there. Empty where each stream has one in `consumerArns`. */
  readonly consumer: string;
  /** Consumers that others have registered, by stream. */
  readonly consumerArns: Readonly<Record<string, string>>;
  /** How long a new consumer may take to become active before that is reported as a failure. */
  readonly activationTimeoutMs: number;
  /** Longest pause before it is tried again to subscribe; shards are polled meanwhile. */
  readonly maxPauseMs: number;
}

/** Benthos' defaults. */
export const defaultFanOut: Omit<FanOutSettings, 'position' | 'consumer'> = {
  consumerArns: {},
  activationTimeoutMs: 60_000,
  maxPauseMs: 30_000,
};

/** Stateful Functions' (Flink's) defaults; a Benthos input starts from them too. */
export const defaultReaderSettings: ReaderSettings = {
  maxRecordsPerRead: 10_000,
  pollIntervalMs: 200,
  adaptiveReads: false,
  shardDiscoveryIntervalMs: 10_000,
  fanOut: undefined,
  checkpointLimit: undefined,
  commitPeriodMs: 0,
  retries: {},
};
