import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AddressNotAvailableError } from '../errors.ts';
import type { ServerCertificate } from './certificate.ts';
import { type AnyRequest, type AnyResponse, createSwitchedServer } from './protocol-switch.ts';

const KEEP_ALIVE_MS = 60_000;
const WHOLE_REQUEST_MS = 300_000;
const CHECK_MS = 1_000;

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long a connection may take to be secured, and a head to arrive, in milliseconds. */
  readonly headTimeoutMs: number;
  /** More are closed as soon as they are opened. */
  readonly maxConnections: number;
  /** `undefined` speaks plain HTTP. */
  readonly certificate: ServerCertificate | undefined;
}

const REFUSALS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Ends a connection that does not speak HTTP, or is too slow at it. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${REFUSALS[code] ?? '400 Bad Request'}\r\nconnection: close\r\n\r\n`);
  else socket.destroy();
}

/** A server that can go away and come back at the same port. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  /** Every connection, also one that is not yet secured. */
  readonly #sockets = new Set<Socket>();
  #port: number;
  /** Settles with the last change that was asked for: they happen one after the other. */
  #lastChange: Promise<void> = Promise.resolve();

  constructor(options: ListenerOptions, onRequest: (request: AnyRequest, response: AnyResponse) => void) {
    const { host, port, headTimeoutMs, maxConnections, certificate } = options;
    this.#host = host;
    this.#port = port;
    const settings = {
      noDelay: true,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: headTimeoutMs,
      requestTimeout: WHOLE_REQUEST_MS,
      connectionsCheckingInterval: CHECK_MS,
    };
    this.#server = createSwitchedServer({ settings, headTimeoutMs, certificate }, onRequest);
    this.#server.maxConnections = maxConnections;
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
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
      for (const socket of this.#sockets) socket.destroy();
      await closed;
    });
  }

  #after(change: () => Promise<void>): Promise<void> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }
}
