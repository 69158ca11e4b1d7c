import type { HashRange } from './hash-range.ts';

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

/** A shard without its records. */
export interface ShardState {
  readonly index: number;
  readonly range: HashRange;
  readonly createdAtMs: number;
  readonly epochSeconds: number;
  readonly parentId?: string | undefined;
  readonly adjacentParentId?: string | undefined;
  readonly endOrdinal?: number | undefined;
  readonly closedAtMs?: number | undefined;
  /** No ordinal up to it may be given out again. */
  readonly lastOrdinal: number;
  /** What the memory cap took; `undefined` where it took nothing. */
  readonly trimmed?: TrimmedRecords | undefined;
}

/** The oldest records of a shard that the memory cap trimmed. Those that left the retention period do not count. */
export interface TrimmedRecords {
  readonly count: number;
  /** Ordinal of the last of them. */
  readonly through: number;
}

/** A consumer of enhanced fan-out. */
export interface ConsumerState {
  readonly name: string;
  readonly createdAtMs: number;
}

/** All of a stream but its records; plain data. */
export interface StreamState {
  readonly name: string;
  readonly mode: StreamMode;
  readonly createdAtMs: number;
  readonly maxRecordKiB: number;
  readonly retentionHours: number;
  /** Shards that there ever were: the index of the next one. */
  readonly shardsEver: number;
  readonly shards: readonly ShardState[];
  /** Absent in files of before there were consumers. */
  readonly consumers?: readonly ConsumerState[];
}
