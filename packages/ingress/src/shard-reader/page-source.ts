/**
 * The pages of one shard, from wherever they come: one is in the reader's hands, whose memory is given back when it asks for the next one.
 * What else has come is no more than a page that came early: `open` or disposing of the source throws it away.
 */
import { setImmediate } from 'node:timers/promises';
import type { RecordCursor, RecordPage } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';
import type { PageBudget, PageShare } from './page-budget.ts';
import { type FetchedPage, type PageFeed, RECORD_BYTES } from './page-feed.ts';
import { startingPosition } from './positions.ts';
import type { RecordSlice } from './shard-session.ts';

/** What a slice takes in memory at most. */
const SLICE_BYTES = 3 * 1024 * 1024;
/** User records that are unpacked at once, at most: what that takes must not keep leases from being renewed. */
const MAX_SLICE_RECORDS = 10_000;

export class PageSource implements Disposable {
  readonly #feed: PageFeed;
  readonly #budget: PageBudget;
  #leaveBudget: (() => void) | undefined;
  #lifetime = new AbortController();
  /** What the reader works on. */
  #inHand: FetchedPage | undefined;
  /** Of the slice of it that is in hand. */
  #sliceShare: PageShare | undefined;
  #taking: { readonly page: RecordPage; readonly cursor: RecordCursor } | undefined;

  /** @param budget memory, shared by all shards of the worker */
  constructor(feed: PageFeed, budget: PageBudget) {
    this.#feed = feed;
    this.#budget = budget;
  }

  /** Whether the next page comes by itself, so that nobody need wait before asking for it. */
  get isPushed(): boolean {
    return this.#feed.isPushed;
  }

  /**
   * An iterator at the checkpoint. Pages that have come early are dropped.
   * @throws {LeaseLostError} the lease has ended
   */
  async open(checkpoint: Checkpoint, signal: AbortSignal): Promise<string> {
    this.#reset();
    this.#leaveBudget ??= this.#budget.join();
    return await this.#feed.open(startingPosition(checkpoint), signal);
  }

  /**
   * The page at the iterator. The reader is through with the page before, whose memory may be used again: nothing of it is being enqueued
   * any more.
   * @throws {IteratorExpiredError} it is, or is about to become, too old
   * @throws {LeaseLostError} the lease has ended
   */
  async next(iterator: string, signal: AbortSignal): Promise<RecordPage> {
    this.#dropPage();
    this.#inHand = await untilAborted(this.#feed.next(iterator), signal);
    return this.#inHand.page;
  }

  /** The records of the page after the checkpoint, in the first call, and those after what was taken in further ones. */
  async take(page: RecordPage, checkpoint: Checkpoint, signal: AbortSignal): Promise<RecordSlice> {
    this.#sliceShare?.[Symbol.dispose]();
    if (this.#taking?.page !== page) {
      this.#taking = { page, cursor: page.recordsAfter(checkpoint.kind === 'AFTER' ? checkpoint.position : undefined) };
    }
    const { cursor } = this.#taking;
    // The page's share is for all records in it, as long as each of them is one.
    if (!page.hasAggregates) return { records: cursor.take(), isLast: true };
    // What waits for its turn, such as the renewal of leases, comes first.
    await setImmediate(undefined, { signal });
    const share = this.#budget.reserveNow(SLICE_BYTES, this.#lifetime.signal);
    this.#sliceShare = share;
    const records = cursor.take(Math.max(1, Math.min(MAX_SLICE_RECORDS, Math.floor(share.bytes / RECORD_BYTES))), share.bytes);
    share.fit({ bytes: records.length * RECORD_BYTES, records: records.length });
    return { records, isLast: cursor.isDone };
  }

  [Symbol.dispose](): void {
    this.#reset();
    this.#leaveBudget?.();
  }

  #dropPage(): void {
    this.#inHand?.page.release();
    this.#inHand?.share[Symbol.dispose]();
    this.#inHand = undefined;
    this.#sliceShare?.[Symbol.dispose]();
    this.#taking = undefined;
  }

  #reset(): void {
    this.#lifetime.abort(new Error('the reader continued from elsewhere'));
    this.#lifetime = new AbortController();
    this.#feed.reset();
    this.#taking = undefined;
  }
}

/** The promise, or the signal's reason once that is aborted. The work behind the promise continues. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
