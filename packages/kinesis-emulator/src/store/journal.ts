import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';

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
