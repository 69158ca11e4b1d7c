import type { Shard } from '../store/shard.ts';
import type { JsonObject } from './input.ts';
import type { RecordsReply } from './records-reply.ts';

export type ReplyBody = string | Buffer;

/** What became of one record of a PutRecords request: its ordinal and arrival, or why it failed. */
export interface PutOutcome {
  readonly shard: Shard;
  readonly ordinal?: number | undefined;
  readonly arrivalMs?: number | undefined;
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

/** How requests and replies are written: one for each content type of the API. */
export interface Encoding {
  readonly contentType: string;
  /** Whether errors are named in a header too. */
  readonly namesErrorsInHeader: boolean;
  /** Throws a `SerializationException` where the body is not an object in this encoding. */
  decode(body: Buffer): JsonObject;
  encode(value: JsonObject): ReplyBody;
  putRecordsReply(outcomes: readonly PutOutcome[], failed: number): ReplyBody;
  recordsReply(reply: RecordsReply): ReplyBody;
}
