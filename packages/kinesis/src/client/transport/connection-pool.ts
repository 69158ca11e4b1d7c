import { Connection } from './connection.ts';
import type { SocketSettings } from './open-socket.ts';
import type { TransportParts } from './transport.ts';

const DEFAULT_MAX_CONNECTIONS = 256;
/** A server may close a connection while a request is on its way to it: near the end of its patience it gets none. */
const IDLE_MARGIN_MS = 1_000;

/** The connections to one endpoint. The one that was used last is used next, so that the others grow old and end. */
export class ConnectionPool {
  readonly #settings: SocketSettings;
  readonly #parts: TransportParts;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #opening = 0;
  #isClosed = false;

  constructor(settings: SocketSettings, parts: TransportParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** A connection for one exchange, to be given back with {@link release}. Rejects with the signal's reason, or where none can be opened. */
  async take(abortSignal: AbortSignal): Promise<Connection> {
    const { maxConnections = DEFAULT_MAX_CONNECTIONS } = this.#settings;
    while (true) {
      const idle = this.#takeIdle();
      if (idle) return idle;
      if (this.#connections.size + this.#opening < maxConnections) return await this.#openOne(abortSignal);
      await this.#untilFree(abortSignal);
    }
  }

  release(connection: Connection): void {
    if (connection.isUsable) {
      connection.idleSinceMs = performance.now();
      connection.isIdle = true;
      this.#idle.push(connection);
      this.#closeOld();
      this.#waiting.shift()?.();
    } else this.#forget(connection);
  }

  /** Ends all connections, also those in use. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.close();
  }

  #takeIdle(): Connection | undefined {
    this.#closeOld();
    const connection = this.#idle.pop();
    if (connection) connection.isIdle = false;
    return connection;
  }

  /** The oldest come first. */
  #closeOld(): void {
    const nowMs = performance.now();
    while (this.#idle.length > 0 && this.#isOld(this.#idle[0]!, nowMs)) this.#idle[0]!.close();
  }

  #isOld({ idleMs = Number.POSITIVE_INFINITY, idleSinceMs }: Connection, nowMs: number): boolean {
    const limitMs = Math.min(idleMs - IDLE_MARGIN_MS, this.#settings.maxIdleMs ?? Number.POSITIVE_INFINITY);
    return nowMs - idleSinceMs >= limitMs;
  }

  async #openOne(abortSignal: AbortSignal): Promise<Connection> {
    this.#opening++;
    try {
      const connection = await Connection.open(this.#settings, this.#parts, (closed) => this.#forget(closed), abortSignal);
      if (this.#isClosed) connection.close();
      this.#connections.add(connection);
      return connection;
    } catch (error) {
      this.#waiting.shift()?.();
      throw error;
    } finally {
      this.#opening--;
    }
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#waiting.shift()?.();
  }

  async #untilFree(abortSignal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    abortSignal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    if (!abortSignal.aborted) return;
    const index = this.#waiting.indexOf(resolve);
    if (index >= 0) this.#waiting.splice(index, 1);
    // It may have been this one's turn.
    else this.#waiting.shift()?.();
    throw abortSignal.reason;
  }
}
