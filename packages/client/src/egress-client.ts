/**
 * Puts records into the lanes of an egress. One enqueue is under way at a time; what comes meanwhile leaves together in the next one.
 *
 * Each record has a number, and an enqueue whose answer was lost is made again with the same numbers, so lanes skip what they have. Nothing
 * newer is sent before it is known to be in Redis: otherwise its repetition would be taken for a replay of the newer one.
 */
import { type BackoffPolicy, backoffDelay, type Clock, isRetryable, type SluiceRecord, sleep } from '@sluice/core';
import { type LaneSender, openLaneSender, readLaneCount, type WaterMarks } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { type ClientRecord, toSluiceRecord } from './client-record.ts';
import { ClientClosedError, ClientOverloadedError, EgressUnknownError, SendAbortedError } from './errors.ts';
import { CLIENT_STREAM, toLaneBatches } from './lane-batches.ts';
import { JOB, type PackedRecords, packRecords } from './pack-records.ts';
import { type Load, type Parcel, SendBuffer } from './send-buffer.ts';

export interface EgressClientOptions {
  /** The number of the egress's lanes (`sluice.lanes`). @default what its workers have recorded in Redis */
  readonly lanes?: number;
  /** How long a record waits for others to share a job with it, milliseconds; not at all while an enqueue is under way. @default 5 */
  readonly lingerMs?: number;
  /** What this client holds at most. Calls wait beyond it, and are refused beyond twice as much. @default 64 MiB */
  readonly maxBufferedBytes?: number;
  /** @default 100,000 */
  readonly maxBufferedRecords?: number;
  /** Backlog of the egress at which calls wait, and to which it must fall before they go on. @default as `sluice.backpressure` has it */
  readonly waterMarks?: WaterMarks;
}

export interface SendOptions {
  /** Ends the wait: the call rejects with {@link SendAbortedError}, which says whether its records may have been sent. */
  readonly signal?: AbortSignal;
}

export interface EgressClient {
  readonly egress: string;
  /** What is not known to be in Redis yet. */
  readonly buffered: Load;
  /**
   * Resolves once every record is durable in Redis. Waits for a Redis that is away, and while the egress has too much before it. Records of
   * the same key keep the order of the calls.
   * @throws {RecordInvalidError | ClientOverloadedError | EgressUnknownError} nothing was sent
   * @throws {SendAbortedError} the signal aborted
   * @throws {ClientClosedError}
   */
  send(records: ClientRecord | readonly ClientRecord[], options?: SendOptions): Promise<void>;
  /**
   * Sends what a source yields, and takes no more of it than the buffer has room for. Resolves with the number of records, once all are durable;
   * rejects as {@link send} does, and then leaves the source with its next record.
   */
  sendAll(records: Iterable<ClientRecord> | AsyncIterable<ClientRecord>, options?: SendOptions): Promise<number>;
  /** Resolves once everything that was sent before is durable, or was refused to its sender. */
  flush(): Promise<void>;
}

export interface EgressClientPorts {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly senderId: string;
  readonly clock: Clock;
  /** Aborts, with {@link ClientClosedError}, when the client gives up what it has. */
  readonly closed: AbortSignal;
}

/** What one enqueue takes: some jobs for each of several lanes, at one round trip. */
const ENQUEUE: Load = { records: 5_000, bytes: 8 * 1024 ** 2 };
const WATER_MARKS: WaterMarks = { highRecords: 2_000_000, lowRecords: 1_500_000, highBytes: 1024 ** 3, lowBytes: 768 * 1024 ** 2 };
const RETRY: BackoffPolicy = { initialIntervalMs: 50, maxIntervalMs: 2_000, maxElapsedMs: 0, maxRetries: 0 };
const LOOK_AT_BACKLOG_MS = 100;

export class LaneEgressClient implements EgressClient {
  readonly egress: string;
  readonly #ports: EgressClientPorts;
  readonly #options: EgressClientOptions;
  readonly #buffer: SendBuffer;
  readonly #lingerMs: number;
  /** Parcels that found no room, in the order of their calls. */
  readonly #outside: SendBuffer;
  #sender: LaneSender | undefined;
  #next = 1n;
  #running: Promise<void> | undefined;
  /** Settles with the next enqueue. */
  #turn = Promise.withResolvers<void>();
  #hurry: () => void = () => undefined;
  #isHurried = false;
  #isClosing = false;

  constructor(egress: string, options: EgressClientOptions, ports: EgressClientPorts) {
    const { lingerMs = 5, maxBufferedBytes = 64 * 1024 ** 2, maxBufferedRecords = 100_000 } = options;
    const limit = { records: maxBufferedRecords, bytes: maxBufferedBytes };
    this.egress = egress;
    this.#ports = ports;
    this.#options = options;
    this.#lingerMs = lingerMs;
    this.#buffer = new SendBuffer(limit);
    this.#outside = new SendBuffer(limit);
  }

  get buffered(): Load {
    const [inside, outside] = [this.#buffer.load, this.#outside.load];
    return { records: inside.records + outside.records, bytes: inside.bytes + outside.bytes };
  }

  async send(input: ClientRecord | readonly ClientRecord[], { signal }: SendOptions = {}): Promise<void> {
    const records = [input].flat().map(toSluiceRecord);
    this.#check(signal);
    if (!this.#outside.hasRoom) throw new ClientOverloadedError(this.egress, this.buffered.records, this.buffered.bytes);
    const offers = packRecords(records).map((parcel) => this.#offer(parcel));
    const stop = onAbort(signal, (reason) => offers.toReversed().forEach((offer) => void offer.cancel(reason)));
    await Promise.all(offers.map(({ settled }) => settled)).finally(stop);
  }

  async sendAll(source: Iterable<ClientRecord> | AsyncIterable<ClientRecord>, { signal }: SendOptions = {}): Promise<number> {
    this.#check(signal);
    const outstanding = new Set<Offer>();
    let failure: unknown;
    const giveUp = (reason: unknown) => {
      failure ??= new SendAbortedError(
        [...outstanding]
          .reverse()
          .map((offer) => offer.cancel(reason))
          .every(Boolean)
          ? 'notSent'
          : 'unknown',
        reason,
      );
      this.#nextTurn();
    };
    const stop = onAbort(signal, giveUp);
    let count = 0;
    try {
      for await (const record of source) {
        while (!this.#buffer.hasRoom && failure === undefined) await this.#turn.promise;
        if (failure !== undefined) break;
        this.#check(undefined);
        const [parcel] = packRecords([toSluiceRecord(record, count++)]);
        const offer = this.#offer(parcel!);
        outstanding.add(offer);
        offer.settled
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => outstanding.delete(offer));
      }
      this.#hurryUp();
      await Promise.allSettled([...outstanding].map(({ settled }) => settled));
    } finally {
      stop();
    }
    if (failure !== undefined) throw failure;
    return count;
  }

  async flush(): Promise<void> {
    this.#hurryUp();
    while (this.#running !== undefined) await this.#running;
  }

  /** Flushes, and lets the lanes forget this sender's numbers. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.flush();
    const { session, senderId } = this.#ports;
    await this.#sender?.endShards(CLIENT_STREAM, [senderId], session.epoch).catch(() => undefined);
  }

  #check(signal: AbortSignal | undefined): void {
    if (this.#isClosing || this.#ports.closed.aborted) throw new ClientClosedError();
    if (signal?.aborted) throw new SendAbortedError('notSent', signal.reason);
  }

  #offer({ records, bytes }: PackedRecords): Offer {
    const { promise: settled, resolve, reject } = Promise.withResolvers<void>();
    const parcel: Parcel = { records, bytes, resolve, reject };
    this.#outside.add(parcel);
    this.#admit();
    const cancel = (reason: unknown) => {
      const isUnsent = this.#outside.remove(parcel) || this.#buffer.remove(parcel);
      reject(new SendAbortedError(isUnsent ? 'notSent' : 'unknown', reason));
      if (isUnsent) this.#admit();
      return isUnsent;
    };
    return { settled, cancel };
  }

  /** Lets in what waits outside, as far as there is room, and starts to send. */
  #admit(): void {
    while (this.#buffer.hasRoom && !this.#outside.isEmpty) {
      const [parcel] = this.#outside.take({ records: 1, bytes: 1 });
      this.#outside.release([parcel!]);
      this.#buffer.add(parcel!);
    }
    if (this.#buffer.isEmpty) return;
    if (this.#running === undefined) this.#running = this.#run();
    else if (this.#buffer.isAtLeast(JOB)) this.#hurry();
  }

  async #run(): Promise<void> {
    if (!this.#buffer.isAtLeast(JOB)) await this.#linger();
    while (!this.#buffer.isEmpty) {
      let parcels: Parcel[] = [];
      try {
        const sender = await this.#untilRoom();
        parcels = this.#buffer.take(ENQUEUE);
        if (parcels.length > 0)
          await this.#enqueue(
            sender,
            parcels.flatMap(({ records }) => records),
          );
        for (const { resolve } of parcels) resolve();
      } catch (error) {
        if (parcels.length === 0) parcels = this.#buffer.take({ records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
        for (const { reject } of parcels) reject(error);
      }
      this.#buffer.release(parcels);
      this.#admit();
      this.#nextTurn();
    }
    this.#isHurried = false;
    this.#running = undefined;
  }

  #linger(): Promise<void> {
    if (this.#lingerMs === 0 || this.#isHurried) return Promise.resolve();
    const { clock } = this.#ports;
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => resolve(), this.#lingerMs);
      this.#hurry = () => {
        clock.clearTimeout(timer);
        resolve();
      };
    });
  }

  #nextTurn(): void {
    this.#turn.resolve();
    this.#turn = Promise.withResolvers();
  }

  #hurryUp(): void {
    if (this.#running === undefined) return;
    this.#isHurried = true;
    this.#hurry();
  }

  #untilRoom(): Promise<LaneSender> {
    const { clock, closed } = this.#ports;
    return this.#persist(async () => {
      const sender = await this.#open();
      while ((await sender.pressure()).isOverHighWater) await sleep(clock, LOOK_AT_BACKLOG_MS, closed);
      return sender;
    });
  }

  async #open(): Promise<LaneSender> {
    if (this.#sender) return this.#sender;
    const { session, keyPrefix, clock } = this.#ports;
    const { egress: target } = this;
    const { lanes = await readLaneCount(session, { keyPrefix, target }) } = this.#options;
    if (lanes === 0) throw new EgressUnknownError(target, keyPrefix);
    const { waterMarks = WATER_MARKS } = this.#options;
    this.#sender = await openLaneSender({ session, keyPrefix, target, lanes, clock, waterMarks });
    return this.#sender;
  }

  async #enqueue(sender: LaneSender, records: readonly SluiceRecord[]): Promise<void> {
    const { senderId, session, clock } = this.#ports;
    const numbered = { senderId, first: this.#next, nowMs: clock.now() };
    this.#next += BigInt(records.length);
    // Shared out for each try: an operator may have given the target another number of lanes meanwhile.
    const share = () => toLaneBatches(records, { ...numbered, laneOf: (key) => sender.laneOf(key) });
    await this.#persist(() => sender.enqueue(share(), session.epoch));
  }

  /** Tries again, whatever passes by itself, until it succeeds or the client is closed. */
  async #persist<Result>(work: () => Promise<Result>): Promise<Result> {
    const { clock, closed } = this.#ports;
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!isRetryable(error) || error instanceof EgressUnknownError) throw error;
        await sleep(clock, backoffDelay(RETRY, attempt, Math.random()), closed);
      }
    }
  }
}

/** A parcel that was given to the buffer. */
interface Offer {
  readonly settled: Promise<void>;
  /** Takes it back unless it is under way already. Answers whether it was taken back. */
  cancel(reason: unknown): boolean;
}

/** Calls the listener when the signal aborts. Answers the way to stop that. */
function onAbort(signal: AbortSignal | undefined, listener: (reason: unknown) => void): () => void {
  const tell = () => listener(signal!.reason);
  signal?.addEventListener('abort', tell, { once: true });
  return () => signal?.removeEventListener('abort', tell);
}
