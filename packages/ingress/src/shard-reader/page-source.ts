/**
 * The pages of one shard, at the pace that Kinesis allows, one page ahead of the reader: the next page is fetched while this one is
 * being enqueued. What is fetched ahead is no more than a page that has come early: the reader asks for it by its iterator, and
 * `open` or `close` throws it away.
 */
import { type Clock, sleep } from '@sluice/core';
import {
  type GetRecordsOutput,
  ITERATOR_LIFETIME_MS,
  IteratorExpiredError,
  type KinesisSource,
  KinesisThrottledError,
  READ_BYTES_PER_SECOND,
} from '@sluice/kinesis';
import type { Checkpoint, Lease } from '@sluice/lease';
import type { ByteBudget, PageShare } from './byte-budget.ts';
import { startingPosition } from './starting-position.ts';

export interface PageSourceOptions {
  readonly kinesis: Pick<KinesisSource, 'getShardIterator' | 'getRecords'>;
  readonly stream: string;
  readonly shardId: string;
  /** Looked at before each call: a process that was stopped for long must not go on where it was. */
  readonly lease: Pick<Lease, 'assertHeld'>;
  readonly clock: Clock;
  /** Least time between two GetRecords calls, milliseconds. */
  readonly pollIntervalMs: number;
  readonly maxRecordsPerRead: number;
  /** Records read but not yet handed on, at most; the byte budget alone where absent. */
  readonly checkpointLimit: number | undefined;
  /** Asks for no more than the shard's 2 MiB a second allow, even where memory would. */
  readonly adaptiveReads: boolean;
  /** Bytes of pages in memory, shared by all shards of the worker. */
  readonly budget: ByteBudget;
}

/** An iterator that is nearly too old is not worth a call. */
const ITERATOR_USE_MS = ITERATOR_LIFETIME_MS - 60_000;
/** Longest pause to which throttling stretches the time between two calls: the penalty for a 10 MiB reply. */
const MAX_INTERVAL_MS = 5_000;
/** What one page takes in memory at most, while the shard is behind: few large jobs cost much less than many small ones. */
const PAGE_BYTES = 3 * 1024 * 1024;
/** At the tip there is hardly more than a shard takes in within a fifth of a second. */
const TIP_PAGE_BYTES = 384 * 1024;
/** What the objects that stand for a record take beside its data; of small records they are most of it. */
const RECORD_OVERHEAD_BYTES = 512;
/** How large a record is taken to be while none was seen. */
const ASSUMED_RECORD_BYTES = 16 * 1024;

interface FetchedPage {
  readonly page: GetRecordsOutput;
  readonly share: PageShare;
}

export class PageSource implements Disposable {
  readonly #options: PageSourceOptions;
  readonly #releaseBudget: () => void;
  #lifetime = new AbortController();
  #ahead: { readonly iterator: string; readonly fetched: Promise<FetchedPage> } | undefined;
  /** Of the page that the reader works on. */
  #share: PageShare | undefined;
  #iteratorAt = 0;
  #calledAt = Number.NEGATIVE_INFINITY;
  #intervalMs: number;
  /** Of one Kinesis record: its data, and what it takes in memory with all that is aggregated in it. */
  #recordBytes = { data: ASSUMED_RECORD_BYTES, inMemory: ASSUMED_RECORD_BYTES };
  #isBehind = true;

  constructor(options: PageSourceOptions) {
    this.#options = options;
    this.#intervalMs = options.pollIntervalMs;
    this.#releaseBudget = options.budget.join();
  }

  /**
   * An iterator behind the checkpoint. Whatever was fetched ahead is gone.
   * @throws {LeaseLostError} the lease has ended
   */
  async open(checkpoint: Checkpoint, signal: AbortSignal): Promise<string> {
    this.#reset();
    const { kinesis, stream, shardId, lease, clock } = this.#options;
    lease.assertHeld();
    const askedAt = clock.monotonic();
    const iterator = await kinesis.getShardIterator({ stream, shardId, position: startingPosition(checkpoint) }, signal);
    this.#iteratorAt = askedAt;
    return iterator;
  }

  /**
   * The page at the iterator: the one fetched ahead, or a new one. The reader is through with the page before.
   * @throws {IteratorExpiredError} it is, or is about to become, too old
   * @throws {LeaseLostError} the lease has ended
   */
  async next(iterator: string, signal: AbortSignal): Promise<GetRecordsOutput> {
    this.#share?.[Symbol.dispose]();
    const { page, share } = await untilAborted(this.#take(iterator), signal);
    this.#share = share;
    // Only a page that held something promises more at once; else the reader decides how long to leave the shard alone.
    if (page.nextIterator !== null && page.rawCount > 0) this.#fetchAhead(page.nextIterator);
    return page;
  }

  [Symbol.dispose](): void {
    this.#reset();
    this.#releaseBudget();
  }

  #take(iterator: string): Promise<FetchedPage> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.iterator === iterator ? ahead.fetched : this.#fetch(iterator);
  }

  #fetchAhead(iterator: string): void {
    const fetched = this.#fetch(iterator);
    // Whoever takes the page meets the failure; until then, or if nobody does, it is not unhandled.
    fetched.catch(() => undefined);
    this.#ahead = { iterator, fetched };
  }

  async #fetch(iterator: string): Promise<FetchedPage> {
    const { kinesis, stream, shardId, lease, clock, budget } = this.#options;
    const { signal } = this.#lifetime;
    const waitMs = this.#calledAt + this.#intervalMs - clock.monotonic();
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    const share = await budget.reserve(this.#isBehind ? PAGE_BYTES : TIP_PAGE_BYTES, signal);
    try {
      lease.assertHeld();
      this.#calledAt = clock.monotonic();
      if (this.#calledAt - this.#iteratorAt > ITERATOR_USE_MS) throw new IteratorExpiredError(shardId);
      const page = await kinesis.getRecords({ stream, shardId, iterator, limit: this.#limit(share.bytes) }, signal);
      share.fit(bytesInMemory(page));
      this.#learn(page);
      return { page, share };
    } catch (error) {
      share[Symbol.dispose]();
      if (error instanceof KinesisThrottledError) this.#intervalMs = Math.min(this.#intervalMs * 2, MAX_INTERVAL_MS);
      throw error;
    }
  }

  #learn(page: GetRecordsOutput): void {
    this.#iteratorAt = this.#options.clock.monotonic();
    this.#intervalMs = Math.max(this.#options.pollIntervalMs, this.#intervalMs * 0.9);
    this.#isBehind = page.millisBehindLatest > 0;
    if (page.rawCount > 0) this.#recordBytes = { data: page.byteSize / page.rawCount, inMemory: bytesInMemory(page) / page.rawCount };
  }

  /** As many records as fit so much memory, judged by the page before. */
  #limit(shareBytes: number): number {
    const { maxRecordsPerRead, checkpointLimit, adaptiveReads } = this.#options;
    const { data, inMemory } = this.#recordBytes;
    const paced = adaptiveReads ? (READ_BYTES_PER_SECOND * this.#intervalMs) / 1_000 / Math.max(1, data) : Number.POSITIVE_INFINITY;
    // Two pages are in memory: one on its way into the queue, one ahead.
    const waiting = checkpointLimit === undefined ? Number.POSITIVE_INFINITY : checkpointLimit / 2;
    return Math.max(1, Math.floor(Math.min(shareBytes / inMemory, paced, maxRecordsPerRead, waiting)));
  }

  #reset(): void {
    this.#lifetime.abort(new Error('the reader went on from elsewhere'));
    this.#lifetime = new AbortController();
    this.#ahead = undefined;
  }
}

const bytesInMemory = ({ byteSize, records }: GetRecordsOutput): number => byteSize + records.length * RECORD_OVERHEAD_BYTES;

/** The promise, or the signal's reason once that is aborted. What the promise stands for goes on. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
