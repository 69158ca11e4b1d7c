/**
 * One connection to Redis, re-established whenever it is lost, and an epoch that identifies the connection.
 *
 * The epoch moves before any caller learns that a command failed, so a caller that remembers the epoch under which it learned
 * something can tell whether that still holds. Listeners of `onLost` are called at the same moment.
 */
import { type BackoffPolicy, backoffDelay, type Clock, type Logger, SluiceError } from '@sluice/core';
import type { Redis } from 'ioredis';
import { RedisEpochMovedError, RedisNotReadyError, RedisUnreachableError } from './errors.ts';
import { GuardedRedis } from './guarded-redis.ts';
import { parseRedisSettings, type RedisSettings } from './redis-settings.ts';
import { toRedisError } from './to-redis-error.ts';

export interface RedisSession extends AsyncDisposable {
  /** The connection. A command sent while it is down fails at once with a retryable error, and nothing is ever sent again by itself. */
  readonly client: Redis;
  /** One more each time the connection was lost. */
  readonly epoch: number;
  readonly isReady: boolean;
  /** Where Redis is, without password, for messages. */
  readonly location: string;
  /** Differs between any two sessions. */
  readonly id: string;
  /**
   * Sends commands only on the connection of that epoch, whatever they await in between, and turns what ioredis throws into our errors.
   * @throws {RedisEpochMovedError} the connection was lost since; this command was not sent
   * @throws {RedisNotReadyError} there is no connection; the command was not sent
   * @throws {RedisReplyLostError} the connection went while the command was under way: it may have been executed
   */
  run<T>(epoch: number, commands: (client: Redis) => Promise<T>): Promise<T>;
  /** Calls `listener` with the new epoch whenever the connection is lost. Answers the way to stop that. */
  onLost(listener: (epoch: number) => void): () => void;
  /** Calls `listener` whenever the connection stands again. */
  onReady(listener: (epoch: number) => void): () => void;
}

export interface ConnectRedisOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ends the wait for the first connection. */
  readonly signal?: AbortSignal;
  /** Gives up the first connection after this time, milliseconds; waits without limit where absent. */
  readonly giveUpAfterMs?: number;
}

const RECONNECT: BackoffPolicy = { initialIntervalMs: 50, maxIntervalMs: 2_000, maxElapsedMs: 0, maxRetries: 0 };
const QUIT_TIMEOUT_MS = 1_000;
/** After this time without an answer the log says that Redis does not serve yet. */
const LOADING_NOTICE_MS = 1_000;

/**
 * Resolves with the first connection, for which it waits with backoff and says so in the log.
 * @throws {RedisSettingsError | RedisAccessError | NotRedisError | RedisCertificateError} waiting would not help
 * @throws {RedisUnreachableError} `giveUpAfterMs` passed
 */
export async function connectRedis(settings: RedisSettings, options: ConnectRedisOptions): Promise<RedisSession> {
  const session = new Session(settings, options);
  try {
    await session.connect(options);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

class Session implements RedisSession {
  readonly client: GuardedRedis;
  readonly location: string;
  readonly id = crypto.randomUUID().slice(0, 8);
  epoch = 1;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lostListeners = new Set<(epoch: number) => void>();
  readonly #readyListeners = new Set<(epoch: number) => void>();
  /** Why the last attempt failed. */
  #lastError: unknown;
  #isUp = false;
  #loading: unknown;
  #isClosed = false;

  constructor(settings: RedisSettings, { logger, clock }: ConnectRedisOptions) {
    const { location, options } = parseRedisSettings(settings);
    this.location = location;
    this.#clock = clock;
    this.#logger = logger.child({ redis: location });
    const retryStrategy = (attempt: number) => this.#retryAfter(attempt);
    this.client = new GuardedRedis({ ...options, retryStrategy, sentinelRetryStrategy: retryStrategy }, location, () => this.epoch);
    this.client.on('error', (error: Error) => {
      this.#lastError = error;
    });
    this.client.on('connect', () => {
      this.#watchForReady();
      this.#watchForDenial();
    });
    this.client.on('ready', () => this.#noteReady());
    this.client.on('end', () => this.#noteLost());
  }

  get isReady(): boolean {
    return !this.#isClosed && this.client.status === 'ready';
  }

  connect({ signal, giveUpAfterMs }: ConnectRedisOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const settle = (finish: () => void) => {
        stopListening();
        this.client.off('error', onError);
        signal?.removeEventListener('abort', onAbort);
        if (timer !== undefined) this.#clock.clearTimeout(timer);
        finish();
      };
      const stopListening = this.onReady(() => settle(resolve));
      const onAbort = () => settle(() => reject(signal!.reason));
      const onError = (error: Error) => {
        const known = toRedisError(error, this.location);
        if (known instanceof SluiceError && known.disposition === 'fatal') settle(() => reject(known));
      };
      const giveUp = () => settle(() => reject(new RedisUnreachableError(this.location, giveUpAfterMs!, this.#reason())));
      const timer = giveUpAfterMs === undefined ? undefined : this.#clock.setTimeout(giveUp, giveUpAfterMs);
      this.client.on('error', onError);
      signal?.addEventListener('abort', onAbort, { once: true });
      // Rejects with the first attempt that fails; further ones follow by themselves.
      this.client.connect().catch(() => undefined);
    });
  }

  async run<T>(epoch: number, commands: (client: Redis) => Promise<T>): Promise<T> {
    if (epoch !== this.epoch) throw new RedisEpochMovedError(this.location, epoch, this.epoch);
    if (!this.isReady) throw new RedisNotReadyError(this.location);
    try {
      return await this.client.at(epoch, () => commands(this.client));
    } catch (cause) {
      throw toRedisError(cause, this.location);
    }
  }

  onLost(listener: (epoch: number) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  onReady(listener: (epoch: number) => void): () => void {
    this.#readyListeners.add(listener);
    return () => this.#readyListeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const tooLong = setTimeout(() => this.client.disconnect(), QUIT_TIMEOUT_MS);
    if (this.isReady) await this.client.quit().catch(() => undefined);
    clearTimeout(tooLong);
    this.client.disconnect();
    this.#clock.clearTimeout(this.#loading);
    this.#isClosed = true;
    this.#noteLost();
    this.#lostListeners.clear();
    this.#readyListeners.clear();
  }

  /** ioredis asks this first when a socket has closed, before it rejects what was under way: the moment at which the epoch must move. */
  #retryAfter(attempt: number): number {
    const wasUp = this.#isUp;
    this.#noteLost();
    const delayMs = backoffDelay(RECONNECT, attempt - 1, Math.random());
    // Attempts 1, 2, 4, 8, …: a long outage must not fill the log. In a microtask, because some errors are reported only after this call.
    if ((attempt & (attempt - 1)) === 0) queueMicrotask(() => this.#noteWaiting(attempt, delayMs, wasUp));
    return delayMs;
  }

  #noteWaiting(attempt: number, delayMs: number, wasUp: boolean): void {
    const reason = wasUp && !this.#lastError ? 'the connection was lost' : this.#reason();
    this.#logger.warn('waiting for redis', { attempt, retryInMs: Math.round(delayMs), reason });
  }

  /** A Redis that loads its data is asked again and again, and no error says so. */
  #watchForReady(): void {
    this.#clock.clearTimeout(this.#loading);
    this.#loading = this.#clock.setTimeout(() => {
      if (this.client.status !== 'connect') return;
      const reason = 'it is connected but does not serve yet (LOADING, where it loads its data: it answers once that is done)';
      this.#logger.warn('waiting for redis', { reason });
    }, LOADING_NOTICE_MS);
  }

  /** In protected mode Redis says so and hangs up. ioredis takes that for the answer to its AUTH, and for one that does not matter. */
  #watchForDenial(): void {
    this.client.stream.once('data', (greeting: Buffer) => {
      const text = greeting.toString('latin1');
      if (text.startsWith('-DENIED ')) this.client.emit('error', new Error(text.slice(1).trim()));
    });
  }

  #noteReady(): void {
    this.#clock.clearTimeout(this.#loading);
    this.#isUp = true;
    this.#lastError = undefined;
    this.#logger.info('connected to redis', { epoch: this.epoch });
    for (const listener of [...this.#readyListeners]) listener(this.epoch);
  }

  #noteLost(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.epoch += 1;
    for (const listener of [...this.#lostListeners]) listener(this.epoch);
  }

  #reason(): string {
    const error = this.#lastError;
    if (!(error instanceof Error)) return 'it closed the connection at once (a port with TLS does so: is it rediss://?)';
    // An AggregateError of several refused addresses has a code but no message.
    const reason = error.message || (error as NodeJS.ErrnoException).code || error.name;
    // A Redis without TLS takes the start of a handshake for an endless command, and says nothing.
    return this.client.options.tls && reason === 'connect ETIMEDOUT'
      ? `${reason} (a port without TLS also stays silent: is it redis://?)`
      : reason;
  }
}
