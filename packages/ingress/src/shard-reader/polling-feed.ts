/**
 * The pages of one shard as they are asked for, at the pace that Kinesis allows, one page ahead of the reader: the next page is fetched while
 * this one is being enqueued. What is fetched ahead is no more than a page that has come early: the reader asks for it by its iterator, and
 * `open` throws it away.
 *
 * How much to ask for is judged by the page before, and by what the connection delivers: after a time-out half as much.
 */
import { type Clock, sleep, type WeightedBudget } from '@sluice/core';
import {
  ITERATOR_LIFETIME_MS,
  IteratorExpiredError,
  type KinesisSource,
  KinesisThrottledError,
  KinesisTimeoutError,
  READ_BYTES_PER_SECOND,
  type RecordPage,
  type StartingPosition,
} from '@sluice/kinesis';
import type { Lease } from '@sluice/lease';
import type { ReadTurns } from '../read-turns/read-turns.ts';
import type { PageBudget } from './page-budget.ts';
import { bytesInMemory, type FetchedPage, type PageFeed } from './page-feed.ts';
import { PollPace } from './poll-pace.ts';

export interface PollingFeedOptions {
  readonly kinesis: Pick<KinesisSource, 'getShardIterator' | 'getRecords'>;
  readonly stream: string;
  readonly shardId: string;
  /** Checked before each call: a process that was suspended for long must not continue where it was. */
  readonly lease: Pick<Lease, 'assertHeld'>;
  readonly clock: Clock;
  /** Least time between two GetRecords calls, milliseconds. */
  readonly pollIntervalMs: number;
  readonly maxRecordsPerRead: number;
  /** Records read but not yet handed on, at most; the byte budget alone where absent. */
  readonly checkpointLimit: number | undefined;
  /** Asks for no more than the shard's 2 MiB a second allow, even where memory would. */
  readonly adaptiveReads: boolean;
  /** Memory, shared by all shards of the worker. */
  readonly budget: PageBudget;
  /** How many shards of the worker may be opened at the same time. */
  readonly openings: WeightedBudget;
  /** What the shard allows to all that poll it. */
  readonly turns: Pick<ReadTurns, 'wait' | 'charge' | 'throttled'>;
}

/** An iterator that is nearly too old is not worth a call. */
const ITERATOR_USE_MS = ITERATOR_LIFETIME_MS - 60_000;
/** What one page takes in memory at most, while the shard is behind: few large jobs cost much less than many small ones. */
const PAGE_BYTES = 3 * 1024 * 1024;
/** At the tip there is hardly more than a shard takes in within a fifth of a second. */
const TIP_PAGE_BYTES = 384 * 1024;
/** A page that arrives lets the next one be larger by so much, until the first time-out is forgotten. */
const GROWTH = 1.25;
const LEAST_PAGE_BYTES = 1_024;
/** The share of the openings that one takes. */
const OPENING = { bytes: 0, records: 1 };
/** How large a record is taken to be while none was seen. */
const ASSUMED_RECORD_BYTES = 16 * 1024;

export class PollingFeed implements PageFeed {
  readonly isPushed = false;
  readonly #options: PollingFeedOptions;
  #lifetime = new AbortController();
  #ahead: { readonly iterator: string; readonly fetched: Promise<FetchedPage> } | undefined;
  #iteratorAt = 0;
  #calledAt = Number.NEGATIVE_INFINITY;
  /** When the shard has paid for the page before. */
  #paidAt = Number.NEGATIVE_INFINITY;
  readonly #pace: PollPace;
  /** Of one Kinesis record: its data, and what it takes in memory with all that is aggregated in it. */
  #recordBytes = { data: ASSUMED_RECORD_BYTES, inMemory: ASSUMED_RECORD_BYTES };
  #isBehind = true;
  /** What a page may take, as far as the connection allows. */
  #pageBytes = PAGE_BYTES;

  constructor(options: PollingFeedOptions) {
    this.#options = options;
    this.#pace = new PollPace(options.pollIntervalMs);
  }

  async open(position: StartingPosition, signal: AbortSignal): Promise<string> {
    this.reset();
    const { kinesis, stream, shardId, lease, clock, openings } = this.#options;
    await openings.reserve(OPENING, signal);
    try {
      lease.assertHeld();
      const askedAt = clock.monotonic();
      const iterator = await kinesis.getShardIterator({ stream, shardId, position }, signal);
      this.#iteratorAt = askedAt;
      return iterator;
    } finally {
      openings.adjust(OPENING, { bytes: 0, records: 0 });
    }
  }

  async next(iterator: string): Promise<FetchedPage> {
    const { signal } = this.#lifetime;
    const fetched = await this.#take(iterator);
    const { nextIterator, rawCount } = fetched.page;
    // Only a page that held something promises more at once; else the reader decides how long to leave the shard alone.
    // One record alone leaves no room for another.
    const isMoreWanted = rawCount > 0 && this.#options.checkpointLimit !== 1;
    if (nextIterator !== null && isMoreWanted && !signal.aborted) this.#fetchAhead(nextIterator);
    return fetched;
  }

  reset(): void {
    this.#lifetime.abort(new Error('the reader continued from elsewhere'));
    this.#lifetime = new AbortController();
    this.#ahead = undefined;
  }

  #take(iterator: string): Promise<FetchedPage> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.iterator === iterator ? ahead.fetched : this.#fetch(iterator);
  }

  #fetchAhead(iterator: string): void {
    const fetched = this.#fetch(iterator);
    // The failure is thrown when the page is taken. If it never is, the rejection is handled all the same.
    fetched.catch(() => undefined);
    this.#ahead = { iterator, fetched };
  }

  async #fetch(iterator: string): Promise<FetchedPage> {
    const { kinesis, stream, shardId, lease, clock, budget, turns } = this.#options;
    const { signal } = this.#lifetime;
    const waitMs = Math.max(this.#calledAt + this.#pace.intervalMs, this.#paidAt) - clock.monotonic();
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    const share = await budget.reserve(this.#isBehind ? this.#pageBytes : Math.min(TIP_PAGE_BYTES, this.#pageBytes), signal);
    try {
      await turns.wait(shardId, signal);
      lease.assertHeld();
      this.#calledAt = clock.monotonic();
      if (this.#calledAt - this.#iteratorAt > ITERATOR_USE_MS) throw new IteratorExpiredError(shardId);
      const input = { stream, shardId, iterator, limit: this.#limit(share.bytes), beforeSending: () => lease.assertHeld() };
      const page = await kinesis.getRecords(input, signal);
      share.fit({ bytes: bytesInMemory(page), records: page.rawCount });
      this.#paidAt = clock.monotonic() + turns.charge(shardId, page.byteSize);
      this.#learn(page);
      return { page, share };
    } catch (error) {
      share[Symbol.dispose]();
      if (error instanceof KinesisThrottledError) {
        this.#pace.throttled(clock.monotonic());
        turns.throttled();
      }
      // With a new one nothing is to be waited for: it might not outlive the poll interval either.
      if (error instanceof IteratorExpiredError) this.#calledAt = Number.NEGATIVE_INFINITY;
      if (error instanceof KinesisTimeoutError) this.#pageBytes = Math.max(LEAST_PAGE_BYTES, this.#pageBytes / 2);
      throw error;
    }
  }

  #learn(page: RecordPage): void {
    this.#iteratorAt = this.#options.clock.monotonic();
    this.#pace.arrived(this.#iteratorAt);
    this.#isBehind = page.millisBehindLatest > 0;
    this.#pageBytes = Math.min(PAGE_BYTES, this.#pageBytes * GROWTH);
    if (page.rawCount > 0) this.#recordBytes = { data: page.byteSize / page.rawCount, inMemory: bytesInMemory(page) / page.rawCount };
  }

  /** As many records as fit so much memory, judged by the page before. */
  #limit(shareBytes: number): number {
    const { maxRecordsPerRead, checkpointLimit, adaptiveReads } = this.#options;
    const { data, inMemory } = this.#recordBytes;
    const paced = adaptiveReads ? (READ_BYTES_PER_SECOND * this.#pace.intervalMs) / 1_000 / Math.max(1, data) : Number.POSITIVE_INFINITY;
    // Two pages are in memory: one on its way into the queue, one ahead.
    const waiting = checkpointLimit === undefined ? Number.POSITIVE_INFINITY : checkpointLimit / 2;
    return Math.max(1, Math.floor(Math.min(shareBytes / inMemory, paced, maxRecordsPerRead, waiting)));
  }
}
