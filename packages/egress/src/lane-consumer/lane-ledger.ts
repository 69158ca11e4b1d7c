/**
 * Keeps account of the jobs in hand of one lane, and stores it: a job is completed once each of its records is delivered or stored as a
 * dead letter. One call at a time goes out, with whatever came together. What is delivered of a job that stays in hand for long is stored
 * every now and then, so that the next owner repeats no more than the last moment after a crash.
 *
 *     open ──close / budget spent──▶ closing ──▶ returned   (what is open was handed back)
 *       └────────── lease lost ────▶ lost        nothing is stored any more; results still on the wire are only counted
 */
import type { Clock, WeightedBudget } from '@sluice/core';
import { type LaneNotice, type SpentBudget, startJobSpan } from '@sluice/lane-consumer';
import type { LaneJob, LaneReceiver, UnfinishedJob } from '@sluice/queue';
import type { LaneEvent, Tracing } from '@sluice/telemetry';
import type { LaneHold } from '../egress-writer/lane-hold.ts';
import { RecordInHand } from '../egress-writer/record-in-hand.ts';
import { JobInHand } from './job-in-hand.ts';

/** What a ledger needs to know of the lane's lease. */
export interface HeldLease {
  /** By the monotonic clock, counted from before the claim or renewal was sent; 0 or less once lost. */
  remainingMs(): number;
}

export interface LaneLedgerOptions {
  readonly target: string;
  readonly lane: number;
  readonly lease: HeldLease;
  readonly receiver: Pick<LaneReceiver, 'settle'>;
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  /** Each job in hand has a span. */
  readonly tracing?: Tracing | undefined;
  readonly emit: (event: LaneEvent) => void;
  /** What the lane's consumer must answer. */
  readonly notify: (notice: LaneNotice) => void;
}

/** From a record's delivery until that is stored at the latest, where its job is not completed before. */
const STORE_AFTER_MS = 200;

export class LaneLedger implements LaneHold {
  readonly lanes: readonly LaneHold[] = [this];
  readonly #options: LaneLedgerOptions;
  readonly #laneName: string;
  /** In the lane's order. */
  readonly #jobs = new Set<JobInHand>();
  #state: 'open' | 'closing' | 'returned' | 'lost' = 'open';
  #storing: Promise<void> | undefined;
  #timer: unknown;
  #isStoreDue = false;
  #whenEmpty: Array<() => void> = [];

  constructor(options: LaneLedgerOptions) {
    this.#options = options;
    this.#laneName = `${options.target}/${options.lane}`;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether nothing is in hand any more, and nothing will be stored. */
  get isOver(): boolean {
    return this.#state === 'returned' || this.#state === 'lost';
  }

  canSend(marginMs: number): boolean {
    return this.#state === 'open' && this.#options.lease.remainingMs() > marginMs;
  }

  leaseEndsInMs(): number {
    return this.#state === 'returned' ? Number.POSITIVE_INFINITY : this.#options.lease.remainingMs();
  }

  /** Takes jobs in hand, in the lane's order, and gives their records for the writer. Their weight is in the budget already. */
  admit(jobs: readonly LaneJob[]): RecordInHand[] {
    const nowMs = this.#options.clock.monotonic();
    const records: RecordInHand[] = [];
    for (const job of jobs) {
      const inHand = new JobInHand(job, this.#laneName, (settled, reason) => this.#noteSettled(settled, reason !== undefined));
      const { tracing } = this.#options;
      if (tracing) inHand.span = startJobSpan(tracing, job, this.#options);
      const traces = inHand.span && [inHand.span.traceparent];
      const arrival = { ack: inHand, acceptedMs: nowMs, traces, isInputBatch: job.together };
      this.#jobs.add(inHand);
      // Taken while the lease went: the next owner gets them again.
      if (this.isOver) {
        this.#letGo(inHand);
        continue;
      }
      if (inHand.isFinished) this.#store();
      for (let place = 0; place < job.records.length; place++) records.push(new RecordInHand(job.records[place]!, this, arrival, place));
    }
    return records;
  }

  spent(spent: SpentBudget): void {
    if (this.#state !== 'open') return;
    this.close();
    this.#options.notify({ type: 'budget.spent', spent });
  }

  displaced(): void {
    if (this.#state !== 'open') return;
    this.close();
    this.#options.notify({ type: 'lane.displaced' });
  }

  /** Nothing is sent or retried from now on; results of what is in flight still count. */
  close(): void {
    if (this.#state === 'open') this.#state = 'closing';
    this.#announceEmpty();
  }

  /** Drops everything in hand: the lane has it back. */
  return(): void {
    this.#end('returned');
  }

  /** Drops everything in hand: the lane belongs to another worker, or may. Reports how many records are written without Redis knowing. */
  lose(): void {
    const unstored = [...this.#jobs].reduce((sum, job) => sum + job.unstored, 0);
    this.#end('lost');
    if (unstored > 0) this.#reportLost(unstored);
  }

  /** Resolves once nothing is in hand, or nothing more will be finished because the ledger is no longer open. */
  async whenEmpty(): Promise<void> {
    if (this.#jobs.size > 0 && this.#state === 'open') await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Resolves once all that is known of the records in hand is stored. What failed to be stored is tried once more. */
  async settled(): Promise<void> {
    while (this.#storing !== undefined) await this.#storing;
    this.#store();
    while (this.#storing !== undefined) await this.#storing;
  }

  /** The jobs in hand with what is still open of them. Meaningful once nothing is in flight and the ledger is settled. */
  unfinished(): UnfinishedJob[] {
    return [...this.#jobs].map((job) => job.unfinished());
  }

  #noteSettled(job: JobInHand, isRejection: boolean): void {
    if (this.#state === 'lost' && !isRejection) this.#reportLost(1);
    if (this.isOver) return;
    if (job.isFinished || isRejection) this.#store();
    else this.#storeLater();
  }

  #storeLater(): void {
    this.#timer ??= this.#options.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#isStoreDue = true;
      this.#store();
    }, STORE_AFTER_MS);
  }

  #store(): void {
    this.#storing ??= this.#storeAll()
      .catch((error: unknown) => {
        if (this.isOver) return;
        this.close();
        this.#options.notify({ type: 'lane.failed', error });
      })
      .finally(() => {
        this.#storing = undefined;
      });
  }

  async #storeAll(): Promise<void> {
    // One turn later, what was settled by the same answer goes out together.
    await Promise.resolve();
    for (let jobs = this.#jobsToStore(); jobs.length > 0; jobs = this.#jobsToStore()) {
      this.#isStoreDue = false;
      const parts = jobs.map((job) => ({ job, ...job.settlement() }));
      await this.#options.receiver.settle(parts.map(({ settlement }) => settlement));
      for (const { job, settlement, stored } of parts) {
        for (const { code, message } of stored()) this.#emitDeadLetter(code, message);
        if (settlement.remaining.length === 0) this.#letGo(job);
      }
    }
  }

  #jobsToStore(): JobInHand[] {
    return [...this.#jobs].filter((job) => job.isFinished || job.hasRejections || (this.#isStoreDue && job.unstored > 0));
  }

  #end(state: 'returned' | 'lost'): void {
    if (this.isOver) return;
    this.#state = state;
    for (const job of [...this.#jobs]) this.#letGo(job);
    this.#announceEmpty();
    this.#options.clock.clearTimeout(this.#timer);
  }

  #letGo(job: JobInHand): void {
    if (!this.#jobs.delete(job)) return;
    this.#options.budget.release(job.weight);
    job.span?.end();
    if (this.#jobs.size === 0) this.#announceEmpty();
  }

  #announceEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #emitDeadLetter(code: string, reason: string): void {
    this.#options.emit({ type: 'record.deadLettered', lane: this.#options.lane, code, reason });
  }

  #reportLost(records: number): void {
    this.#options.emit({ type: 'ack.lost', lane: this.#options.lane, records });
  }
}
