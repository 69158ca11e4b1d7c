/**
 * The pages of one shard as the service pushes them, under a subscription that is renewed when its time is over. While there is none the
 * shard is polled, so nothing waits for it: a failure costs latency, and never a gap.
 *
 *     subscribed ──(its time is over)──▶ subscribed again, after the last record handed on
 *         ▲    └──(any failure)──▶ polled ──┐
 *         └──────(after a pause)────────────┘
 *
 * Where to begin is known by records alone: after the last one that was handed on, or where the reader said, as long as none was.
 * A reader that is displaced by another one with the same consumer makes way for long, so that the two do not chase each other.
 */
import { type Clock, sleep, type WeightedBudget } from '@sluice/core';
import {
  IteratorExpiredError,
  type KinesisPush,
  KinesisUnavailableError,
  type RecordPage,
  type ShardSubscription,
  type StartingPosition,
} from '@sluice/kinesis';
import type { Lease } from '@sluice/lease';
import { ConsumerNotReadyError } from '../errors.ts';
import { hasCode } from './failures.ts';
import { FanOutPace } from './fan-out-pace.ts';
import { failurePauseMs, LEAST_BETWEEN_MS, returnPauseMs } from './fan-out-pauses.ts';
import type { FanOutReport } from './fan-out-report.ts';
import type { PageBudget } from './page-budget.ts';
import { bytesInMemory, type FetchedPage, type PageFeed } from './page-feed.ts';

/** The consumer with which an ingress subscribes to a stream. */
export interface ConsumerSource {
  /** @throws {ConsumerNotReadyError} it was registered, and is not active yet */
  arn(): Promise<string>;
  /** It is not there any more. Answers whether it was, and is registered anew by who asks next. */
  forget(): boolean;
}

export interface FanOutFeedOptions {
  readonly kinesis: Pick<KinesisPush, 'subscribeToShard'>;
  readonly consumer: ConsumerSource;
  readonly stream: string;
  readonly shardId: string;
  readonly lease: Pick<Lease, 'assertHeld'>;
  readonly clock: Clock;
  readonly budget: PageBudget;
  /** How many shards of the worker may be opened at the same time; so subscriptions that began together are not renewed all at once. */
  readonly openings: WeightedBudget;
  /** Longest pause before it is tried to subscribe again, milliseconds. */
  readonly maxPauseMs: number;
  /** Feeds while there is no subscription. */
  readonly polling: PageFeed;
  readonly random: () => number;
  readonly report: (event: FanOutReport) => void;
}

/** What events that are handed on together take, beside the last of them. */
const JOINED_BYTES = 256 * 1024;
const OPENING = { bytes: 0, records: 1 };
const NO_OPENING = { bytes: 0, records: 0 };

export class FanOutFeed implements PageFeed {
  readonly #options: FanOutFeedOptions;
  #lifetime = new AbortController();
  #position: StartingPosition = { type: 'TRIM_HORIZON' };
  /** What the reader asks for next. */
  #iterator: string | undefined;
  #opened = 0;
  #subscription: ShardSubscription | undefined;
  #subscribedAt = Number.NEGATIVE_INFINITY;
  /** Of the polling feed; `undefined` where that is to be opened. */
  #pollIterator: string | undefined;
  readonly #pace = new FanOutPace();
  /** When a page with records was last taken from a subscription. */
  #readAt = Number.NEGATIVE_INFINITY;
  /** Whether the reader has that page in hand. */
  #isPassingOn = false;
  #failures = 0;
  #returnsAt = Number.NEGATIVE_INFINITY;

  constructor(options: FanOutFeedOptions) {
    this.#options = options;
  }

  get isPushed(): boolean {
    return this.#subscription !== undefined;
  }

  async open(position: StartingPosition, signal: AbortSignal): Promise<string> {
    this.reset();
    this.#position = position;
    if (!(await this.#subscribe(signal))) this.#pollIterator = await this.#options.polling.open(position, signal);
    this.#iterator = `opening-${++this.#opened}`;
    return this.#iterator;
  }

  async next(iterator: string): Promise<FetchedPage> {
    if (iterator !== this.#iterator) throw new IteratorExpiredError(this.#options.shardId);
    const { signal } = this.#lifetime;
    if (this.#isPassingOn) this.#pace.passedOn(this.#options.clock.monotonic() - this.#readAt);
    this.#isPassingOn = false;
    let fetched: FetchedPage | undefined;
    while (fetched === undefined) {
      fetched = (await this.#subscribe(signal)) ? await this.#takePushed(this.#subscription!, signal) : await this.#poll(signal);
    }
    signal.throwIfAborted();
    this.#goOnAfter(fetched.page);
    return fetched;
  }

  reset(): void {
    this.#lifetime.abort(new Error('the reader continued from elsewhere'));
    this.#lifetime = new AbortController();
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
    this.#options.polling.reset();
    this.#pollIterator = undefined;
    this.#iterator = undefined;
    this.#isPassingOn = false;
  }

  /** Whether there is a subscription now. */
  async #subscribe(signal: AbortSignal): Promise<boolean> {
    const { kinesis, consumer, stream, shardId, lease, clock, openings, polling, report } = this.#options;
    if (this.#subscription) return true;
    if (clock.monotonic() < this.#returnsAt) return false;
    await openings.reserve(OPENING, signal);
    try {
      const consumerArn = await consumer.arn();
      lease.assertHeld();
      const input = { stream, shardId, consumerArn, position: this.#position, beforeSending: () => lease.assertHeld() };
      const subscription = await kinesis.subscribeToShard(input, signal);
      if (signal.aborted) subscription[Symbol.dispose]();
      signal.throwIfAborted();
      this.#subscription = subscription;
    } catch (error) {
      this.#fall(error, signal);
      return false;
    } finally {
      openings.adjust(OPENING, NO_OPENING);
    }
    this.#subscribedAt = clock.monotonic();
    // What was fetched ahead comes again.
    polling.reset();
    this.#pollIterator = undefined;
    report({ type: 'shard.subscribed' });
    return true;
  }

  /** The next page of the subscription; `undefined` where that has ended. */
  async #takePushed(subscription: ShardSubscription, signal: AbortSignal): Promise<FetchedPage | undefined> {
    const { lease, budget, clock } = this.#options;
    try {
      const bytes = await subscription.arrival();
      signal.throwIfAborted();
      if (bytes === undefined) return this.#expire();
      const share = await budget.reserve(Math.max(bytes, JOINED_BYTES), signal);
      try {
        const waitMs = this.#readAt + this.#pace.intervalMs - clock.monotonic();
        if (waitMs > 0) await sleep(clock, waitMs, signal);
        lease.assertHeld();
        const page = await subscription.read(share.bytes);
        this.#isPassingOn = page.rawCount > 0;
        if (this.#isPassingOn) this.#readAt = clock.monotonic();
        share.fit({ bytes: bytesInMemory(page), records: page.rawCount });
        this.#failures = 0;
        return { page, share };
      } catch (error) {
        share[Symbol.dispose]();
        throw error;
      }
    } catch (error) {
      this.#fall(error, signal);
      return undefined;
    }
  }

  /** Its time is over; one that ended before its time was cut off. */
  #expire(): undefined {
    const { clock, stream, shardId } = this.#options;
    if (clock.monotonic() - this.#subscribedAt < LEAST_BETWEEN_MS)
      throw new KinesisUnavailableError('a subscription ended as soon as it had begun', { stream, shardId }, undefined);
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
  }

  /**
   * From a failure to polling, until it is time to try again.
   * @throws what ends the reader, or was meant to end what is under way
   */
  #fall(error: unknown, signal: AbortSignal): void {
    const { clock, random, maxPauseMs, consumer, report } = this.#options;
    signal.throwIfAborted();
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
    if (hasCode(error, 'LEASE_LOST')) throw error;
    const isDeregistered = hasCode(error, 'STREAM_NOT_FOUND') && consumer.forget();
    const pauseMs = isDeregistered
      ? failurePauseMs(this.#failures, random(), maxPauseMs)
      : returnPauseMs(error, this.#failures, random(), maxPauseMs);
    this.#failures++;
    this.#returnsAt = Math.max(clock.monotonic() + pauseMs, this.#subscribedAt + LEAST_BETWEEN_MS);
    // That a new consumer takes its time is no failure.
    if (error instanceof ConsumerNotReadyError && !error.isLate) return;
    report({ type: 'shard.unsubscribed', error, pauseMs: this.#returnsAt - clock.monotonic() });
  }

  async #poll(signal: AbortSignal): Promise<FetchedPage> {
    const { polling } = this.#options;
    this.#pollIterator ??= await polling.open(this.#position, signal);
    return await polling.next(this.#pollIterator);
  }

  #goOnAfter({ nextIterator, lastSequenceNumber }: RecordPage): void {
    if (lastSequenceNumber !== undefined) this.#position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: lastSequenceNumber };
    this.#iterator = nextIterator ?? undefined;
    if (!this.#subscription) this.#pollIterator = nextIterator ?? undefined;
  }
}
