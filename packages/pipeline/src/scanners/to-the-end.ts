import { messageOf, type Scanner } from './scanner.ts';

/** One message of everything; an empty one of nothing. */
export const toTheEnd = (): Scanner =>
  async function* (bytes) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    yield [messageOf(Buffer.concat(chunks))];
  };
