import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressNotAvailableError } from '../errors.ts';

const KEEP_ALIVE_MS = 60_000;

/** A server that can go away and come back at the same port. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  #port: number;

  constructor(host: string, port: number, onRequest: RequestListener<typeof IncomingMessage>) {
    this.#host = host;
    this.#port = port;
    this.#server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, onRequest);
  }

  get port(): number {
    return this.#port;
  }

  get isOpen(): boolean {
    return this.#server.listening;
  }

  /** @throws {AddressNotAvailableError} the port is taken, or may not be bound */
  async open(): Promise<void> {
    if (this.isOpen) return;
    this.#server.listen(this.#port, this.#host);
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new AddressNotAvailableError(this.#host, this.#port, cause as NodeJS.ErrnoException);
    }
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses new connections and cuts the ones there are, also in the middle of a request. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
