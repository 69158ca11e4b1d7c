import type { Message } from '@sluice/bloblang';

/** Turns the bytes of one source into batches of messages. @throws {ContentError} the bytes are not what it takes; what was yielded before stands */
export type Scanner = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<readonly Message[]>;

/** A message of content alone. */
export const messageOf = (content: Uint8Array, metadata: Message['metadata'] = {}): Message => ({ content, metadata });
