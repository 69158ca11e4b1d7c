import { randomBytes } from 'node:crypto';
import { type Clock, type Logger, silentLogger, systemClock } from '@sluice/core';
import { connectRedis, DEFAULT_KEY_PREFIX, preflight, type RedisSession, type RedisSettings } from '@sluice/redis';
import { type EgressClient, type EgressClientOptions, LaneEgressClient } from './egress-client.ts';
import { ClientClosedError } from './errors.ts';

export interface OpenClientOptions {
  /** The Redis of the installation: a URL, or settings with TLS or Sentinel. */
  readonly redis: string | RedisSettings;
  /** As `sluice.redis.prefix` has it. @default 'sluice' */
  readonly prefix?: string;
  /** Names this program where people look at lanes and connections. @default 'client' */
  readonly name?: string;
  /** Hears of connections that are lost and made. @default nobody */
  readonly logger?: Logger;
  /** Accept a Redis that keeps nothing on disk. Records are lost when it restarts. @default false */
  readonly allowVolatile?: boolean;
  /** Longest wait for the first connection, milliseconds. @default 10,000 */
  readonly connectTimeoutMs?: number;
  /** Longest time that {@link Client.close} waits for what is under way, milliseconds. @default 10,000 */
  readonly closeTimeoutMs?: number;
  readonly clock?: Clock;
}

/** One connection to an installation. Disposing of it closes it. */
export interface Client extends AsyncDisposable {
  /** The way to an egress: its id in a module.yaml, or `output/LABEL` of a Benthos output. The options of the first call count. */
  egress(id: string, options?: EgressClientOptions): EgressClient;
  /** Whether Redis is connected right now. Calls of `send` wait while it is not. */
  readonly isReady: boolean;
  /** Sends what is there, for as long as `closeTimeoutMs` allows; what is left is refused with {@link ClientClosedError}. */
  close(): Promise<void>;
}

/**
 * Connects to the Redis of an installation, and makes sure that it neither evicts nor forgets.
 * @throws {RedisUnreachableError} no connection within `connectTimeoutMs`
 * @throws {RedisAccessError | RedisUnsuitableError | RedisSettingsError} waiting would not help
 */
export async function openClient(options: OpenClientOptions): Promise<Client> {
  const { redis, name = 'client', logger = silentLogger, clock = systemClock, allowVolatile = false, connectTimeoutMs = 10_000 } = options;
  const settings = typeof redis === 'string' ? { url: redis } : redis;
  const session = await connectRedis({ connectionName: `sluice ${name}`, ...settings }, { logger, clock, giveUpAfterMs: connectTimeoutMs });
  try {
    await preflight(session, { allowVolatile });
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  const senderId = `${name}-${randomBytes(6).toString('hex')}`;
  return new RedisClient(session, senderId, clock, options);
}

class RedisClient implements Client {
  readonly #session: RedisSession;
  readonly #senderId: string;
  readonly #clock: Clock;
  readonly #options: OpenClientOptions;
  readonly #egresses = new Map<string, LaneEgressClient>();
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(session: RedisSession, senderId: string, clock: Clock, options: OpenClientOptions) {
    this.#session = session;
    this.#senderId = senderId;
    this.#clock = clock;
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#session.isReady;
  }

  egress(id: string, options: EgressClientOptions = {}): EgressClient {
    const known = this.#egresses.get(id);
    if (known) return known;
    if (this.#closing !== undefined) throw new ClientClosedError();
    const egress = new LaneEgressClient(id, options, {
      ...{ session: this.#session, senderId: this.#senderId, clock: this.#clock, closed: this.#closed.signal },
      keyPrefix: this.#options.prefix ?? DEFAULT_KEY_PREFIX,
    });
    this.#egresses.set(id, egress);
    return egress;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const giveUp = () => this.#closed.abort(new ClientClosedError());
    const timer = this.#clock.setTimeout(giveUp, this.#options.closeTimeoutMs ?? 10_000);
    await Promise.all([...this.#egresses.values()].map((egress) => egress.close()));
    this.#clock.clearTimeout(timer);
    giveUp();
    await this.#session[Symbol.asyncDispose]();
  }
}
