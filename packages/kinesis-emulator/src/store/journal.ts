import type { HashRange } from './hash-range.ts';
import type { Shard } from './shard.ts';
import type { Stream, StreamMode } from './stream.ts';

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
}

/** A record that was just stored; its data is `source[start, end)`. */
export interface JournalRecord {
  readonly shard: Shard;
  readonly ordinal: number;
  readonly arrivalMs: number;
  readonly partitionKey: string;
  readonly source: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Is told of everything that happens in an account, before its client is. Each call is synchronous; what it throws, the client gets as an internal failure. */
export interface Journal {
  /** A stream was created, resharded, or has other settings: {@link Stream.state} is what counts now. */
  changed(stream: Stream): void;
  deleted(streamName: string): void;
  /** Records of one request, in the order of their ordinals. */
  stored(streamName: string, records: readonly JournalRecord[]): void;
}
