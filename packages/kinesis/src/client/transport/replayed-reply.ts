/** Replies that are more than a head and so many bytes: Node's own HTTP client reads them, from bytes instead of a socket. */
import { request } from 'node:http';
import { Duplex } from 'node:stream';
import type { Message } from './read-message.ts';
import { connectionError, type Headers } from './transport.ts';

export interface ReplayedReply {
  /** Rejects where the bytes are no reply. */
  readonly message: Promise<Message>;
  /** More of it; the bytes are not used after the call. */
  push(bytes: Uint8Array): void;
  /** The connection has ended, with an error or without. */
  end(error?: Error): void;
}

export function replayReply(): ReplayedReply {
  const bytes = new Duplex({
    read: () => undefined,
    // The request that belongs to the reply went out on the real connection.
    write: (_chunk, _encoding, done) => done(),
    allowHalfOpen: false,
  });
  // Whoever reads the reply hears of it.
  bytes.on('error', () => undefined);
  const message = new Promise<Message>((resolve, reject) => {
    request({ method: 'POST', createConnection: () => bytes, headers: { 'content-length': 0 } })
      .on('response', (body) => resolve({ statusCode: body.statusCode!, headers: body.headers as Headers, body }))
      .on('error', (error) => reject(connectionError(`expected a reply in HTTP: ${error.message}`)))
      .end();
  });
  return {
    message,
    push: (chunk) => void bytes.push(Buffer.from(chunk)),
    end: (error) => (error ? bytes.destroy(error) : void bytes.push(null)),
  };
}
