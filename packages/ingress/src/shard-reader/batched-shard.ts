/**
 * Gathers what a shard brings into input batches (`batching` of an `aws_kinesis` input) before it goes to the lanes. What completes a batch
 * sends it; an incomplete one waits in memory for a later slice, for the end of its period, or until memory is short. Wraps a session
 * only where the input has a batch policy.
 *
 *     enqueue(slice) ──▶ gathered ──complete / due / no room──▶ leaving ──▶ in the lanes ──▶ checkpoint
 *
 * The checkpoint follows what is in the lanes. The reader goes on as if each of its slices were there: after a crash, and after a hand-over,
 * what was gathered is read again, and the next reader makes the same batch of it.
 */
import { Batcher, type BatchPolicy } from '@sluice/batcher';
import { type Clock, comparePositions, RecordRows, type ShardPosition, toColumns, type WeightedBudget } from '@sluice/core';
import type { RecordPage } from '@sluice/kinesis';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { hasCode } from './failures.ts';
import { GatheredRecord } from './gathered-record.ts';
import { RECORD_BYTES } from './page-feed.ts';
import type { RecordSlice, ShardEnding, ShardReport, ShardSession } from './shard-session.ts';

export interface BatchedShardOptions {
  readonly policy: BatchPolicy<GatheredRecord>;
  /** Memory for incomplete batches, shared by all shards of the worker. */
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  readonly report: (event: ShardReport) => void;
}

/** What a batch holds at most: it travels as one job of each lane. */
const MOST_OF_A_BATCH = { records: 10_000, bytes: 4 * 1024 * 1024 };
/** Between two attempts to send a batch that is due while no slice comes. */
const RETRY_MS = 250;

export class BatchedShard implements ShardSession {
  readonly #session: ShardSession;
  readonly #options: BatchedShardOptions;
  readonly #batcher: Batcher<GatheredRecord>;
  /** Batches that are complete and not known to be in the lanes. */
  #leaving: (readonly GatheredRecord[])[] = [];
  /** Of the slice that was gathered last: where its batches could not be sent, it comes again. */
  #gathered: RecordRows | undefined;
  /** What the session's checkpoint stands at. */
  #stored: Checkpoint;
  /** Reached in the lanes, and not yet told to the session. */
  #sent: Checkpoint | undefined;
  /** Another checkpoint was found while no slice came. */
  #surprise: CheckpointAnswer | undefined;
  #reservedBytes = 0;
  #failures = 0;
  #timer: unknown;
  #isOpen = true;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(session: ShardSession, options: BatchedShardOptions) {
    this.#session = session;
    this.#options = options;
    this.#stored = session.checkpoint;
    const onCheckError = (error: unknown) => options.report({ type: 'batchCheck.failed', error });
    this.#batcher = new Batcher(options.policy, { nowMs: options.clock.monotonic(), onCheckError });
  }

  get checkpoint(): Checkpoint {
    return this.#session.checkpoint;
  }

  get isPushed(): boolean {
    return this.#session.isPushed;
  }

  async open(checkpoint: Checkpoint, signal: AbortSignal): Promise<string> {
    await this.#inTurn(async () => this.#keepUpTo(checkpoint));
    return this.#session.open(checkpoint, signal);
  }

  next(iterator: string, signal: AbortSignal): Promise<RecordPage> {
    return this.#session.next(iterator, signal);
  }

  take(page: RecordPage, checkpoint: Checkpoint, signal: AbortSignal): Promise<RecordSlice> {
    return this.#session.take(page, checkpoint, signal);
  }

  enqueue({ records, trace }: RecordSlice): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#gathered !== records) this.#gather(Array.from(records, (record) => new GatheredRecord(record)));
      this.#gathered = records;
      await this.#send(trace);
      // Until now what is left was part of the page, whose memory is given back.
      if (!this.#hold()) {
        this.#flush();
        await this.#send(trace);
        this.#hold();
      }
      this.#arm();
    });
  }

  moveCheckpoint(): Promise<CheckpointAnswer> {
    return this.#inTurn(() => this.#moveCheckpoint());
  }

  async flush(): Promise<void> {
    await this.#turn;
    await this.#session.flush();
  }

  end(_from: Checkpoint, ending: ShardEnding): Promise<CheckpointAnswer> {
    return this.#inTurn(async () => {
      this.#flush();
      await this.#send();
      const answer = await this.#moveCheckpoint();
      return answer.outcome === 'moved' ? answer : this.#session.end(this.#stored, ending);
    });
  }

  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.#disarm();
    this.#session[Symbol.dispose]();
    void this.#inTurn(async () => this.#forget());
  }

  #gather(records: readonly GatheredRecord[]): void {
    const nowMs = this.#options.clock.monotonic();
    for (const record of records) {
      const isDue = this.#batcher.add(record, record.content.byteLength, nowMs);
      const isFull = this.#batcher.count >= MOST_OF_A_BATCH.records || this.#batcher.byteSize >= MOST_OF_A_BATCH.bytes;
      if (isDue || isFull) this.#flush();
    }
  }

  #flush(): void {
    const batch = this.#batcher.flush(this.#options.clock.monotonic());
    if (batch) this.#leaving.push(batch.items);
  }

  async #send(trace?: string): Promise<void> {
    if (this.#leaving.length === 0) return;
    const columns = toColumns(this.#leaving.flatMap((batch) => batch.map(({ record }) => record)));
    const inputBatches = Uint32Array.from(this.#leaving.flatMap((batch, index) => batch.map(() => index)));
    const slice = { records: RecordRows.between(columns, 0, columns.length), inputBatches, isLast: false };
    await this.#session.enqueue(trace === undefined ? slice : { ...slice, trace });
    this.#leaving = [];
    this.#failures = 0;
    this.#sent = { kind: 'AFTER', position: columns.positionOf(columns.length - 1) };
  }

  async #moveCheckpoint(): Promise<CheckpointAnswer> {
    const answer = this.#surprise ?? (await this.#tellSent());
    this.#surprise = undefined;
    return answer;
  }

  async #tellSent(): Promise<CheckpointAnswer> {
    const sent = this.#sent;
    if (!sent) return { outcome: 'stored' };
    const answer = await this.#session.moveCheckpoint(this.#stored, sent);
    this.#sent = undefined;
    if (answer.outcome === 'moved') this.#forget();
    this.#stored = answer.outcome === 'moved' ? answer.stored : sent;
    return answer;
  }

  /** Copies what the batch holds of a page. Answers whether there is memory for it. */
  #hold(): boolean {
    const { budget } = this.#options;
    const bytes = this.#batcher.byteSize + this.#batcher.count * RECORD_BYTES;
    const more = bytes - this.#reservedBytes;
    if (more > 0 && !budget.tryReserve({ bytes: more, records: 0 })) return false;
    if (more > 0) budget.adjust({ bytes: more, records: 0 }, { bytes: more, records: 0 });
    else budget.release({ bytes: -more, records: 0 });
    this.#reservedBytes = bytes;
    const ofPage = this.#batcher.items.filter(({ isOwn }) => !isOwn);
    const columns = toColumns(ofPage.map(({ record }) => record));
    for (const [index, gathered] of ofPage.entries()) gathered.own(columns.recordAt(index));
    return true;
  }

  /** The reader begins anew behind a checkpoint: from there everything comes again. */
  #keepUpTo(checkpoint: Checkpoint): void {
    this.#flush();
    const kept = this.#leaving.flat().filter(({ record, isOwn }) => isOwn && isUpTo(record.origin!, checkpoint));
    this.#leaving = [];
    this.#gathered = undefined;
    this.#gather(kept);
  }

  #forget(): void {
    this.#flush();
    this.#leaving = [];
    this.#gathered = undefined;
    this.#sent = undefined;
    this.#options.budget.release({ bytes: this.#reservedBytes, records: 0 });
    this.#reservedBytes = 0;
  }

  #arm(dueMs = this.#batcher.count > 0 ? this.#batcher.deadline() : undefined): void {
    const { clock } = this.#options;
    this.#disarm();
    if (dueMs !== undefined && this.#isOpen)
      this.#timer = clock.setTimeout(() => void this.#sendDue(), Math.max(0, dueMs - clock.monotonic()));
  }

  #disarm(): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendDue(): Promise<void> {
    const { clock, report } = this.#options;
    return this.#inTurn(async () => {
      if (!this.#isOpen) return;
      if (this.#batcher.isDue(clock.monotonic())) this.#flush();
      await this.#send();
      this.#hold();
      const answer = await this.#tellSent();
      if (answer.outcome === 'moved') this.#surprise = answer;
      this.#arm();
    }).catch((error: unknown) => {
      if (hasCode(error, 'LEASE_LOST')) return;
      if (hasCode(error, 'QUEUE_FULL', 'PARENTS_IN_LANES')) report({ type: 'reader.paused' });
      else report({ type: 'read.failed', error, attempt: this.#failures++ });
      this.#arm(clock.monotonic() + RETRY_MS);
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

const isUpTo = (position: ShardPosition, checkpoint: Checkpoint): boolean =>
  checkpoint.kind === 'AFTER' && comparePositions(position, checkpoint.position) <= 0;
