/** What a client of `GET /egress/{namespace}/{name}` reads: a line of JSON, or an event, for each record. */
import type { SluiceRecord } from '@sluice/core';

/** The connection, as far as it is needed. */
export interface ClientStream {
  write(text: string): unknown;
  /** Bytes that the client has not read yet. */
  readonly writableLength: number;
}

/** A client that reads more slowly than functions send misses records beyond this, and gets their number. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export class EgressStream {
  readonly #client: ClientStream;
  readonly #isEventStream: boolean;
  #missed = 0;

  constructor(client: ClientStream, isEventStream: boolean) {
    this.#client = client;
    this.#isEventStream = isEventStream;
  }

  send(record: SluiceRecord): void {
    if (this.#client.writableLength > MOST_UNREAD_BYTES) {
      this.#missed++;
      return;
    }
    if (this.#missed > 0) this.#write({ missed: this.#missed });
    this.#missed = 0;
    this.#write(toLine(record));
  }

  /** Keeps the connection alive, and finds out whether it is. */
  beat(): void {
    this.#client.write(this.#isEventStream ? ': \n\n' : '\n');
  }

  #write(line: object): void {
    const json = JSON.stringify(line);
    this.#client.write(this.#isEventStream ? `data: ${json}\n\n` : `${json}\n`);
  }
}

/** `text` where the data is UTF-8, else `base64`. */
function toLine({ stream, partitionKey, explicitHashKey, data }: SluiceRecord): object {
  return { stream, partitionKey, explicitHashKey, ...contentOf(data) };
}

function contentOf(data: Uint8Array): { readonly text: string } | { readonly base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data) };
  } catch {
    return { base64: Buffer.from(data).toString('base64') };
  }
}
