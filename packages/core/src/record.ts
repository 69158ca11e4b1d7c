/** A place in a shard: the sequence number, and the index inside an aggregated record (0 for a plain one). */
export interface ShardPosition {
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
}

/** Where a record came from. */
export interface RecordOrigin extends ShardPosition {
  readonly stream: string;
  readonly shardId: string;
  /** `ApproximateArrivalTimestamp`, milliseconds since 1970; 0 where the service gave none. */
  readonly arrivalTimeMs: number;
}

/** Metadata as Benthos has it: text, or any JSON value that a mapping stored. */
export type Metadata = Readonly<Record<string, unknown>>;

/** One record on its way from a source to an egress. */
export interface SluiceRecord {
  /** The source's partition key; empty where the source has none (a client, or an AUTO stream). */
  readonly partitionKey: string;
  /** A decimal 128-bit number that overrides the hash of the partition key; absent where the source has none. */
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
  readonly metadata: Metadata;
  /** Destination stream, where the egress takes it from the record (Stateful Functions). */
  readonly stream?: string;
  /** Absent for a record that a client sent. */
  readonly origin?: RecordOrigin;
}

/** Bytes a record counts towards buffers and budgets: key, data and a fixed share for what surrounds them. */
export const recordFootprint = (record: SluiceRecord): number => record.data.byteLength + record.partitionKey.length + 64;
