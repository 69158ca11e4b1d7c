import { ConnectionPool } from './connection-pool.ts';
import type { ConnectionSettings } from './open-socket.ts';
import type { Endpoint, Exchange, Transport, TransportParts } from './transport.ts';

export interface SocketTransportParts extends TransportParts {
  /** Asks what does not answer plainly. */
  readonly otherwise: Transport;
}

/**
 * HTTP/1.1 over sockets of our own: half of what a small request through Node's HTTP client costs, and a large reply is read to where it is
 * used. A server whose successes are not plain replies, such as one that sends them in chunks, is asked otherwise from then on.
 */
export class SocketTransport implements Transport {
  readonly #settings: ConnectionSettings;
  readonly #parts: SocketTransportParts;
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #others = new Set<ConnectionPool>();

  constructor(settings: ConnectionSettings, parts: SocketTransportParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  async exchange<Output>(exchange: Exchange<Output>, abortSignal: AbortSignal): Promise<Output> {
    const pool = this.#poolOf(exchange.endpoint);
    if (this.#others.has(pool)) return await this.#parts.otherwise.exchange(exchange, abortSignal);
    const connection = await pool.take(abortSignal);
    try {
      abortSignal.throwIfAborted();
      return await connection.exchange(exchange, abortSignal);
    } finally {
      if (!connection.isPlain) this.#others.add(pool);
      pool.release(connection);
    }
  }

  [Symbol.dispose](): void {
    for (const pool of this.#pools.values()) pool.close();
  }

  #poolOf(endpoint: Endpoint): ConnectionPool {
    const origin = `${endpoint.protocol}//${endpoint.host}`;
    let pool = this.#pools.get(origin);
    if (!pool) {
      pool = new ConnectionPool({ ...this.#settings, endpoint, session: undefined }, this.#parts);
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}
