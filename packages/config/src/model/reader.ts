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
  readonly fanOut: FanOutRequest | undefined;
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

/** Enhanced fan-out: push over HTTP/2 with the shard's own 2 MiB/s. No worker reads that way yet, so its other settings are checked and go no further. */
export interface FanOutRequest {
  /** Where it is asked for. */
  readonly position: SourcePosition;
}

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
