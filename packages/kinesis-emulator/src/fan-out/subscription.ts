/**
 * One answer of SubscribeToShard: pushes what is and what comes in a shard, at the pace of its quota and of its client, until it is over.
 * An event without records comes first where the shard has none, and again whenever it was silent for a while.
 */
import type { Writable } from 'node:stream';
import type { Clock } from '@sluice/core';
import { MAX_RECORDS_PER_GET, MIB } from '../limits.ts';
import type { Encoding } from '../protocol/encoding.ts';
import { childShardShape } from '../protocol/shard-shape.ts';
import type { PushQuota } from '../quotas/shard-quotas.ts';
import type { ServiceError } from '../service-error.ts';
import type { Shard } from '../store/shard.ts';
import { eventMessage, exceptionMessage } from './event-stream.ts';

/** Where a subscription writes to, once its reply has begun. */
export interface EventSink extends Pick<Writable, 'write' | 'end' | 'once'> {
  /** Breaks its connection off. */
  reset(): void;
}

export interface SubscriptionOptions {
  readonly shard: Shard;
  /** Those that follow where the shard ends. */
  readonly children: () => readonly Shard[];
  /** Of the first record. */
  readonly ordinal: number;
  readonly encoding: Encoding;
  readonly clock: Clock;
  readonly quota: PushQuota;
  readonly lifetimeMs: number;
  /** An empty event follows so long a silence. */
  readonly heartbeatMs: number;
}

const MAX_EVENT_BYTES = MIB;

export class Subscription {
  readonly #options: SubscriptionOptions;
  #ordinal: number;
  #sink: EventSink | undefined;
  #unwatch: () => void = () => undefined;
  #timers: { end?: unknown; heartbeat?: unknown; pace?: unknown } = {};
  #isDue = false;
  #isBlocked = false;
  #isHushed = false;
  #isOver = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#ordinal = options.ordinal;
  }

  get shardId(): string {
    return this.#options.shard.id;
  }

  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** Begins to push. */
  attach(sink: EventSink): void {
    if (this.#isOver) return void sink.end();
    const { clock, lifetimeMs, encoding, shard } = this.#options;
    this.#sink = sink;
    sink.once('close', () => this.#stop());
    sink.write(eventMessage('initial-response', encoding.contentType, encoding.encode({})));
    this.#timers.end = clock.setTimeout(() => this.end(), lifetimeMs);
    this.#unwatch = shard.watch(() => this.#pumpSoon());
    if (shard.log.page(this.#ordinal, 1, 1).count === 0 && shard.isOpen) this.#sendEmpty();
    this.#pump();
  }

  /** Ends it as its time does: the reply ends, and nothing else is said. */
  end(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#sink?.end();
  }

  /** Ends it with an error within the stream. */
  fail({ type, message }: ServiceError): void {
    if (this.#isOver) return;
    const { encoding } = this.#options;
    this.#stop();
    this.#sink?.end(exceptionMessage(type, encoding.contentType, encoding.encode({ message })));
  }

  /** Fault injection: the connection breaks off. */
  reset(): void {
    this.#stop();
    this.#sink?.reset();
  }

  /** Fault injection: nothing more comes, and the connection stays. */
  hush(): void {
    this.#isHushed = true;
  }

  #stop(): void {
    const { clock } = this.#options;
    this.#isOver = true;
    this.#unwatch();
    for (const timer of Object.values(this.#timers)) clock.clearTimeout(timer);
  }

  /** Once for all records of a request. */
  #pumpSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#isDue = false;
    const { shard, quota, clock } = this.#options;
    while (!this.#isOver && !this.#isBlocked && !this.#isHushed) {
      const waitMs = quota.waitMs();
      if (waitMs > 0) {
        clock.clearTimeout(this.#timers.pace);
        this.#timers.pace = clock.setTimeout(() => this.#pump(), waitMs);
        return;
      }
      const page = shard.log.page(this.#ordinal, MAX_RECORDS_PER_GET, MAX_EVENT_BYTES);
      if (page.count === 0) {
        if (!shard.isOpen) this.#sendEnd();
        return;
      }
      quota.charge(page.bytes);
      this.#ordinal = page.lastOrdinal! + 1;
      const behindMs = page.nextArrivalMs === undefined ? 0 : Math.max(1, clock.now() - page.nextArrivalMs);
      this.#send({ page, rest: { ContinuationSequenceNumber: shard.numbers.format(page.lastOrdinal!), MillisBehindLatest: behindMs } });
    }
  }

  #sendEmpty(): void {
    const { shard } = this.#options;
    // Nothing that was given out lies between it and the next record.
    const last = Math.max(0, this.#ordinal - 1);
    this.#send({ page: EMPTY, rest: { ContinuationSequenceNumber: shard.numbers.format(last), MillisBehindLatest: 0 } });
  }

  #sendEnd(): void {
    const children = this.#options.children().map(childShardShape);
    this.#send({ page: EMPTY, rest: { ChildShards: children, MillisBehindLatest: 0 } });
    this.end();
  }

  #send(reply: Pick<Parameters<Encoding['recordsReply']>[0], 'page' | 'rest'>): void {
    const { encoding, shard, clock, heartbeatMs } = this.#options;
    clock.clearTimeout(this.#timers.heartbeat);
    this.#timers.heartbeat = clock.setTimeout(() => this.#beat(), heartbeatMs);
    const payload = encoding.recordsReply({ ...reply, numbers: shard.numbers });
    if (this.#sink!.write(eventMessage('SubscribeToShardEvent', encoding.contentType, payload))) return;
    this.#isBlocked = true;
    this.#sink!.once('drain', () => {
      this.#isBlocked = false;
      this.#pump();
    });
  }

  #beat(): void {
    if (!this.#isBlocked && !this.#isHushed) this.#sendEmpty();
  }
}

const EMPTY = { runs: [], count: 0, bytes: 0, nextArrivalMs: undefined, lastOrdinal: undefined };
