import type { Message } from '@sluice/bloblang';

export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Turns the bytes of one source, such as a file, into batches of messages. Throws where the source is not what it takes; what was yielded before
 * stands.
 * @param name of the source, by which some choose
 */
export type Scanner = (bytes: Bytes, name: string) => AsyncIterable<readonly Message[]>;

/** A message of content alone. */
export const messageOf = (content: Uint8Array, metadata: Message['metadata'] = {}): Message => ({ content, metadata });

/** All bytes of a source. */
export async function collect(bytes: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
