import { type BackoffPolicy, backoffDelay, type Clock, isBackoffSpent, sleep } from '@sluice/core';
import { ResourceError } from '@sluice/processors';
import type { Redis } from 'ioredis';
import type { ResourceOptions } from './resource-settings.ts';

/** A connection of its own to a Redis, made when it is first used, and again when it is used after it was closed. */
export class RedisConnection {
  readonly #url: string;
  readonly #retries: BackoffPolicy;
  readonly #clock: Clock;
  #client: Redis | undefined;

  constructor({ url, retries = NO_RETRIES }: ResourceOptions, clock: Clock) {
    this.#url = (url as string).replace(/^tcp:/, 'redis:');
    const { initial_interval, max_interval, max_elapsed_time } = retries as typeof NO_RETRIES;
    this.#retries = { initialIntervalMs: initial_interval, maxIntervalMs: max_interval, maxElapsedMs: max_elapsed_time, maxRetries: 0 };
    this.#clock = clock;
  }

  /** Runs a command, again where it fails, until the time for that is spent. Rejects with {@link ResourceError}. */
  async run<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    const startedMs = this.#clock.monotonic();
    for (let failures = 0; ; failures++) {
      try {
        return await command(await this.#connected());
      } catch (error) {
        const delayMs = backoffDelay(this.#retries, failures, 0.5);
        const isSpent = isBackoffSpent(this.#retries, failures, this.#clock.monotonic() - startedMs, delayMs);
        if (isSpent || this.#retries.maxElapsedMs === 0) throw new ResourceError((error as Error).message);
        await sleep(this.#clock, delayMs);
      }
    }
  }

  close(): void {
    this.#client?.disconnect();
    this.#client = undefined;
  }

  async #connected(): Promise<Redis> {
    // Only now: most programs that may have such a resource have none.
    const { Redis } = await import('ioredis');
    if (this.#client) return this.#client;
    const client = new Redis(this.#url, {
      maxRetriesPerRequest: 1,
      connectTimeout: 5_000,
      commandTimeout: 5_000,
      connectionName: 'sluice-resource',
    });
    // Commands report what is wrong.
    client.on('error', () => undefined);
    this.#client = client;
    return client;
  }
}

const NO_RETRIES = { initial_interval: 0, max_interval: 0, max_elapsed_time: 0 };
