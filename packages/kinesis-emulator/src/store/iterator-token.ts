import type { Stream } from './stream.ts';

/** What a shard iterator stands for. */
export interface IteratorPosition {
  readonly streamName: string;
  /** Tells the stream from a later one of the same name. */
  readonly streamCreatedAtMs: number;
  readonly shardId: string;
  /** Reading goes on with the first record at or above it. */
  readonly ordinal: number;
  readonly issuedAtMs: number;
}

const VERSION = 1;

/** An iterator as clients see it: opaque text, independent of any state kept here, so that it outlives a pause of the endpoint. */
export function encodeIterator(stream: Stream, shardId: string, ordinal: number, nowMs: number): string {
  return Buffer.from(JSON.stringify([VERSION, stream.name, stream.createdAtMs, shardId, ordinal, nowMs])).toString('base64');
}

/** `undefined` where the text is not one of ours. */
export function decodeIterator(text: string): IteratorPosition | undefined {
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (!Array.isArray(fields) || fields.length !== 6) return undefined;
    const [version, streamName, streamCreatedAtMs, shardId, ordinal, issuedAtMs] = fields;
    if (version !== VERSION || typeof streamName !== 'string' || typeof shardId !== 'string') return undefined;
    if (![streamCreatedAtMs, ordinal, issuedAtMs].every((field) => Number.isSafeInteger(field))) return undefined;
    return { streamName, streamCreatedAtMs, shardId, ordinal, issuedAtMs };
  } catch {
    return undefined;
  }
}
