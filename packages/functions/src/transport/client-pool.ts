/**
 * Connections to one server, one request at a time on each. undici's own pool goes through all of its connections for each request, which
 * costs more than the request where hundreds are open; here the one that was used last is the next.
 */
import { Client, type Dispatcher } from 'undici';

export interface ClientPoolOptions {
  readonly origin: string;
  /** As undici has them. */
  readonly client: Client.Options;
  readonly maxConnections: number;
  /** A connection that is older is not used again, milliseconds; `undefined`: no limit. */
  readonly ttlMs: number | undefined;
  /** By a clock that never jumps, milliseconds. */
  readonly now: () => number;
}

/** The part of a dispatcher that an exchange needs. */
export type Sender = Pick<Dispatcher, 'dispatch'>;

interface Connection {
  readonly client: Client;
  readonly openedAtMs: number;
}

interface Waiting {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
}

export class ClientPool implements Sender {
  readonly #options: ClientPoolOptions;
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  #waiting: Waiting[] = [];

  constructor(options: ClientPoolOptions) {
    this.#options = options;
  }

  /** Answers whether more could be sent now; what cannot be sent yet waits. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const connection = this.#take();
    if (connection) connection.client.dispatch(options, this.#releasing(connection, handler));
    else this.#waiting.push({ options, handler });
    return connection !== undefined;
  }

  async destroy(): Promise<void> {
    this.#waiting = [];
    await Promise.all([...this.#open].map(({ client }) => client.destroy()));
  }

  #take(): Connection | undefined {
    const { ttlMs, now } = this.#options;
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (ttlMs === undefined || now() - connection.openedAtMs <= ttlMs) return connection;
      this.#open.delete(connection);
      void connection.client.close();
    }
    if (this.#open.size >= this.#options.maxConnections) return undefined;
    const opened = { client: new Client(this.#options.origin, this.#options.client), openedAtMs: now() };
    this.#open.add(opened);
    return opened;
  }

  #release(connection: Connection): void {
    this.#idle.push(connection);
    const next = this.#waiting.shift();
    if (next) this.dispatch(next.options, next.handler);
  }

  #releasing(connection: Connection, handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    let isOver = false;
    const end = () => {
      if (!isOver) this.#release(connection);
      isOver = true;
    };
    return {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers, message) => handler.onResponseStart?.(controller, status, headers, message),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => {
        end();
        handler.onResponseEnd?.(controller, trailers);
      },
      onResponseError: (controller, error) => {
        end();
        handler.onResponseError?.(controller, error);
      },
    };
  }
}
