/**
 * The largest record that a stream takes: data and key. Its owner may raise and lower it at any time, so it is looked at again every few
 * minutes, and at once where a record depends on it. A look that fails changes nothing.
 */
import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { DEFAULT_MAX_RECORD_BYTES, MAX_BYTES_PER_PUT } from '@sluice/kinesis';

export interface RecordLimitOptions {
  /** Name or ARN. */
  readonly stream: string;
  /** As it was found just now. */
  readonly bytes: number;
  readonly find: (signal: AbortSignal) => Promise<number>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Milliseconds until it is the turn of a regular look. */
  readonly takeTurn: () => number;
}

/** Between regular looks, on average. */
const PERIOD_MS = 300_000;
/** Age up to which a look is good enough to refuse a record by. */
const FRESH_MS = 30_000;
/** Least time between looks, however much is refused. */
const PAUSE_MS = 1_000;
/** How long a request waits for a look. Then the old limit counts. */
const PATIENCE_MS = 3_000;
/** Between the regular looks of one egress, over all its streams: an account may look 20 times a second, with all its workers. */
const TURN_MS = 250;

export class RecordLimit {
  readonly #options: RecordLimitOptions;
  readonly #stopping = new AbortController();
  #bytes: number;
  /** When the last look began. */
  #lookedAtMs: number;
  #looking: Promise<void> | undefined;
  #isFailing = false;
  #timer: unknown;

  constructor(options: RecordLimitOptions) {
    this.#options = options;
    this.#bytes = options.bytes;
    this.#lookedAtMs = options.clock.monotonic();
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Begins the regular looks. Answers the way to stop. */
  run(): () => void {
    this.#lookLater();
    return () => {
      this.#options.clock.clearTimeout(this.#timer);
      this.#stopping.abort(new Error('the writer was stopped'));
    };
  }

  /** Whether a record seems too large, but the limit may have been raised to take it. */
  isInDoubt(byteSize: number): boolean {
    return byteSize > this.#bytes && byteSize <= MAX_BYTES_PER_PUT && (this.#looking !== undefined || this.#ageMs >= FRESH_MS);
  }

  /** Whether the service may have refused a record for its size: no stream takes less than the default. */
  mayBeLower(byteSize: number): boolean {
    return byteSize > DEFAULT_MAX_RECORD_BYTES && byteSize <= this.#bytes;
  }

  /** Looks again if it has not for a while. Resolves after a few seconds at most, and once the signal aborts. */
  async freshen(signal: AbortSignal): Promise<void> {
    if (this.#looking || this.#ageMs >= FRESH_MS) await this.#wait(this.#look(), signal);
  }

  /** The same after a refusal: looks again unless it did just now. */
  async doubt(signal: AbortSignal): Promise<void> {
    if (this.#looking || this.#ageMs >= PAUSE_MS) await this.#wait(this.#look(), signal);
  }

  get #ageMs(): number {
    return this.#options.clock.monotonic() - this.#lookedAtMs;
  }

  #lookLater(): void {
    const { clock, random, takeTurn } = this.#options;
    this.#timer = clock.setTimeout(
      () => {
        this.#timer = clock.setTimeout(() => {
          void this.#look();
          this.#lookLater();
        }, takeTurn());
      },
      PERIOD_MS * (0.8 + 0.4 * random()),
    );
  }

  /** One look at a time, for all that wait for it. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { stream, find, logger, clock } = this.#options;
    this.#lookedAtMs = clock.monotonic();
    try {
      const bytes = await find(this.#stopping.signal);
      this.#isFailing = false;
      if (bytes === this.#bytes) return;
      logger.info('the largest record of the stream was changed', { stream, fromBytes: this.#bytes, toBytes: bytes });
      this.#bytes = bytes;
    } catch (error) {
      if (this.#isFailing || this.#stopping.signal.aborted) return;
      this.#isFailing = true;
      const { code, message: reason } = toErrorReport(error);
      logger.warn('the largest record of the stream could not be looked up: keeping what was known', {
        ...{ stream, maxBytes: this.#bytes, code, reason },
      });
    }
  }

  #wait(look: Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    const timer = clock.setTimeout(end, PATIENCE_MS);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    void look.then(end);
    return promise.finally(() => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', end);
    });
  }
}

/** Regular looks that share this take turns. */
export function turnsOf(clock: Clock): () => number {
  let nextMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonic();
    const turnMs = Math.max(nowMs, nextMs);
    nextMs = turnMs + TURN_MS;
    return turnMs - nowMs;
  };
}
