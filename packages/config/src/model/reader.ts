/** How shards are read. Times in milliseconds. */
export interface ReaderSettings {
  /** `Limit` of GetRecords, 1–10000. */
  readonly maxRecordsPerRead: number;
  /** Least time between two GetRecords calls of a shard. */
  readonly pollIntervalMs: number;
  /** Shrinks `Limit` to what the shard's 2 MiB/s allow. */
  readonly adaptiveReads: boolean;
  readonly shardDiscoveryIntervalMs: number;
  readonly fanOut: FanOutSettings | undefined;
  readonly getRecordsRetry: ReaderRetry;
  readonly getShardIteratorRetry: ReaderRetry;
  readonly listShardsRetry: ReaderRetry;
  /** Records of a shard read but not yet handed on, at most (Benthos `checkpoint_limit`); `undefined` = the worker's byte budget alone. */
  readonly checkpointLimit: number | undefined;
  /** Least time between two checkpoints of a shard; 0 = with every enqueued batch. */
  readonly checkpointIntervalMs: number;
}

/** Full jitter: a random part of `min(maxMs, baseMs * factor ** attempt)`. */
export interface ReaderRetry {
  readonly maxRetries: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor: number;
}

/** Enhanced fan-out: push over HTTP/2 with the shard's own 2 MiB/s. */
export interface FanOutSettings {
  readonly consumerName: string | undefined;
  /** `none`: the consumers exist already, by ARN. */
  readonly registration: 'lazy' | 'eager' | 'none';
  readonly consumerArns: Readonly<Record<string, string>>;
  readonly subscribeRetry: ReaderRetry;
  readonly subscribeTimeoutMs: number;
  readonly registerRetry: ReaderRetry;
  readonly registerTimeoutMs: number;
  readonly deregisterRetry: ReaderRetry;
  readonly deregisterTimeoutMs: number;
  readonly describeRetry: ReaderRetry;
  readonly maxConcurrency: number;
  readonly readTimeoutMs: number;
}

/** Stateful Functions' (Flink's) defaults; a Benthos input starts from them too. */
export const defaultReaderSettings: ReaderSettings = {
  maxRecordsPerRead: 10_000,
  pollIntervalMs: 200,
  adaptiveReads: false,
  shardDiscoveryIntervalMs: 10_000,
  fanOut: undefined,
  getRecordsRetry: { maxRetries: 3, baseMs: 300, maxMs: 1_000, factor: 1.5 },
  getShardIteratorRetry: { maxRetries: 3, baseMs: 300, maxMs: 1_000, factor: 1.5 },
  listShardsRetry: { maxRetries: 10, baseMs: 1_000, maxMs: 5_000, factor: 1.5 },
  checkpointLimit: undefined,
  checkpointIntervalMs: 0,
};

export const defaultFanOutSettings: FanOutSettings = {
  consumerName: undefined,
  registration: 'lazy',
  consumerArns: {},
  subscribeRetry: { maxRetries: 10, baseMs: 1_000, maxMs: 2_000, factor: 1.5 },
  subscribeTimeoutMs: 60_000,
  registerRetry: { maxRetries: 10, baseMs: 500, maxMs: 2_000, factor: 1.5 },
  registerTimeoutMs: 60_000,
  deregisterRetry: { maxRetries: 10, baseMs: 500, maxMs: 2_000, factor: 1.5 },
  deregisterTimeoutMs: 60_000,
  describeRetry: { maxRetries: 50, baseMs: 2_000, maxMs: 5_000, factor: 1.5 },
  maxConcurrency: 10_000,
  readTimeoutMs: 360_000,
};
