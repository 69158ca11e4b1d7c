import type { Message } from '@sluice/bloblang';
import { SourceMalformedError } from './errors.ts';

export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Turns the bytes of one source, such as a file, into batches of messages. Throws where the source is not what it takes; what was yielded before
 * stands.
 * @param name of the source, by which some choose
 */
export type Scanner = (bytes: Bytes, name: string) => AsyncIterable<readonly Message[]>;

/** A message of content alone. */
export const messageOf = (content: Uint8Array, metadata: Message['metadata'] = {}): Message => ({ content, metadata });

/** Bytes of a source that is read as a whole, at most. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

/**
 * All bytes of a source.
 * @param scanner that needs them, named in the error
 * @throws {SourceMalformedError} it is too large for that
 */
export async function collect(bytes: Bytes, scanner: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_WHOLE_BYTES) throw tooLarge(scanner);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (scanner: string): SourceMalformedError =>
  new SourceMalformedError(
    `expected at most ${MAX_WHOLE_BYTES} bytes, because \`${scanner}\` holds a source as a whole, found more: split the source`,
    { details: { scanner, limit: MAX_WHOLE_BYTES } },
  );
