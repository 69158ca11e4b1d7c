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

/** A part of something larger. */
export interface ByteRange {
  readonly bytes: Buffer;
  /** Index of the first byte. */
  readonly start: number;
  /** Index behind the last byte. */
  readonly end: number;
}

/** One record on its way from a source to an egress. */
export interface SluiceRecord {
  /** The source's partition key; empty where the source has none (a client, or an AUTO stream). */
  readonly partitionKey: string;
  /** A decimal 128-bit number that overrides the hash of the partition key; absent where the source has none. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
  /** Where `data` lies, if it is part of something larger: whoever copies it needs no view of it. */
  readonly dataRange?: ByteRange | undefined;
  readonly metadata: Metadata;
  /** Destination stream, where the egress takes it from the record (Stateful Functions). */
  readonly stream?: string | undefined;
  /** Absent for a record that a client sent. */
  readonly origin?: RecordOrigin | undefined;
  /** Of the origin, for those who look at nothing else of it; may be absent. */
  readonly arrivalTimeMs?: number | undefined;
}

/** Bytes a record counts towards buffers and budgets: key, data and a fixed share for what surrounds them. */
export const recordFootprint = (record: SluiceRecord): number => record.data.byteLength + record.partitionKey.length + 64;
