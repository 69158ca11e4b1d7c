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
  /** Settles with the last change that was asked for: they happen one after the other. */
  #lastChange: Promise<void> = Promise.resolve();

  constructor(host: string, port: number, onRequest: RequestListener<typeof IncomingMessage>) {
    this.#host = host;
    this.#port = port;
    this.#server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, onRequest);
  }

  get port(): number {
    return this.#port;
  }

  /** @throws {AddressNotAvailableError} the port is taken, or may not be bound */
  open(): Promise<void> {
    return this.#after(async () => {
      if (this.#server.listening) return;
      this.#server.listen(this.#port, this.#host);
      try {
        await once(this.#server, 'listening');
      } catch (cause) {
        throw new AddressNotAvailableError(this.#host, this.#port, cause as NodeJS.ErrnoException);
      }
      this.#port = (this.#server.address() as AddressInfo).port;
    });
  }

  /** Refuses new connections and cuts the ones there are, also in the middle of a request. */
  close(): Promise<void> {
    return this.#after(async () => {
      if (!this.#server.listening) return;
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    });
  }

  #after(change: () => Promise<void>): Promise<void> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }
}
