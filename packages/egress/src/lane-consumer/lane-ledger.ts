/**
 * Keeps account of the jobs in hand of one lane: which of their records are written, which are dead letters, which are open. A job is
 * acknowledged once each of its records is written or stored as a dead letter; acknowledgements and dead letters go out one call at a
 * time, whatever came together in one call. What is written of a job that stays in hand for long is marked every now and then, so that
 * whoever comes after a crash repeats no more than the last moment.
 *
 *     open ──close / budget spent──▶ closing ──▶ (hand back what is open)
 *       └────────── lease lost ────▶ lost        nothing is acknowledged any more; results still on the wire are ignored
 */
import { type Clock, RECORD_OVERHEAD_BYTES, type SluiceError, toErrorReport, type Weight, type WeightedBudget } from '@sluice/core';
import type { LaneHold, SpentBudget } from '../egress-writer/lane-hold.ts';
import { RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { LaneJob, LaneReceiver, RejectedRecord, UnfinishedJob } from './ports.ts';

/** What a ledger needs to know of the lane's lease. */
export interface HeldLease {
  /** By the monotonic clock, counted from before the claim or renewal was sent; 0 or less once lost. */
  remainingMs(): number;
}

export interface LaneLedgerOptions<Job extends LaneJob> {
  readonly lease: HeldLease;
  readonly receiver: Pick<LaneReceiver<Job>, 'ack' | 'deadLetter' | 'mark'>;
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  readonly onSpent: (spent: SpentBudget) => void;
  /** What is in hand must go back to the lane and come again, through no fault of its own. */
  readonly onDisplaced: () => void;
  /** An acknowledgement or a dead letter could not be stored: the lane must be taken over anew. */
  readonly onFailure: (error: unknown) => void;
  /** So many records are written, but Redis could not be told, or not that it was: they may be written again. */
  readonly onAckLost: (records: number) => void;
  /** A dead letter is durable. */
  readonly onRejected: (reason: SluiceError) => void;
}

interface JobInHand<Job> {
  readonly job: Job;
  readonly share: Weight;
  /** One flag a record: set once it is written or stored as a dead letter. */
  readonly isResolved: Uint8Array;
  open: number;
  /** Records written since it was last marked. */
  unmarked: number;
  /** Rejected records that are not stored yet, by their place among the job's records. */
  rejected: Array<{ readonly place: number; readonly reason: SluiceError }>;
}

/** From a record's delivery until it is marked at the latest, where its job is not acknowledged before. */
const MARK_AFTER_MS = 200;

export class LaneLedger<Job extends LaneJob> implements LaneHold {
  readonly #options: LaneLedgerOptions<Job>;
  /** In the lane's order. */
  readonly #jobs = new Set<JobInHand<Job>>();
  #finished: JobInHand<Job>[] = [];
  #withRejected = new Set<JobInHand<Job>>();
  #state: 'open' | 'closing' | 'lost' = 'open';
  #storing: Promise<void> | undefined;
  /** Lost with requests on the wire that were not given up as unknown. */
  #tellsLateResults = false;
  #markTimer: unknown;
  #isMarkDue = false;
  #whenEmpty: Array<() => void> = [];

  constructor(options: LaneLedgerOptions<Job>) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isLost(): boolean {
    return this.#state === 'lost';
  }

  get jobsInHand(): number {
    return this.#jobs.size;
  }

  canSend(withinMs: number): boolean {
    return this.#state === 'open' && this.#options.lease.remainingMs() > withinMs;
  }

  /** Takes jobs in hand, in the lane's order, and gives their records for the writer. Their bytes are in the budget already. */
  admit(jobs: readonly Job[]): RecordInHand[] {
    const nowMs = this.#options.clock.monotonic();
    const records: RecordInHand[] = [];
    for (const job of jobs) {
      const { length } = job.records;
      const entry: JobInHand<Job> = {
        job,
        share: shareOf(job),
        isResolved: new Uint8Array(length),
        open: length,
        unmarked: 0,
        rejected: [],
      };
      this.#jobs.add(entry);
      // Taken while the lease went: whoever takes the lane over gets them again.
      if (this.#state === 'lost') {
        this.#letGo(entry);
        continue;
      }
      if (length === 0) this.#finish(entry);
      for (const [index, record] of job.records.entries()) records.push(new RecordInHand(record, this, entry, index, nowMs));
    }
    return records;
  }

  delivered(record: RecordInHand): void {
    if (this.#tellsLateResults) this.#options.onAckLost(1);
    if (this.#state === 'lost') return;
    const entry = record.job as JobInHand<Job>;
    entry.unmarked++;
    this.#resolve(entry, record.index);
    if (entry.open > 0) this.#markLater();
  }

  rejected(record: RecordInHand, reason: SluiceError): void {
    if (this.#state === 'lost') return;
    const entry = record.job as JobInHand<Job>;
    entry.rejected.push({ place: record.index, reason });
    this.#withRejected.add(entry);
    this.#store();
  }

  spent(spent: SpentBudget): void {
    if (this.#state !== 'open') return;
    this.close();
    this.#options.onSpent(spent);
  }

  displaced(): void {
    if (this.#state !== 'open') return;
    this.close();
    this.#options.onDisplaced();
  }

  /** Nothing is sent or retried from now on; results of what is in flight still count. */
  close(): void {
    if (this.#state === 'open') this.#state = 'closing';
    this.#tellEmpty();
  }

  /** As {@link abandon}, and tells how many records are written that nobody will know of. */
  lose(): void {
    const unmarked = [...this.#jobs].reduce((sum, entry) => sum + entry.unmarked, 0);
    this.#tellsLateResults = true;
    this.abandon();
    if (unmarked > 0) this.#options.onAckLost(unmarked);
  }

  /** Drops everything in hand unacknowledged: the lane is somebody else's, or may be, or has it back. */
  abandon(): void {
    this.#state = 'lost';
    for (const entry of [...this.#jobs]) this.#letGo(entry);
    this.#tellEmpty();
    this.#finished = [];
    this.#withRejected.clear();
    this.#options.clock.clearTimeout(this.#markTimer);
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

  /**
   * The jobs in hand with what is still open of them, which is nothing where an acknowledgement failed. Meaningful once nothing is in flight
   * and the ledger is settled.
   */
  unfinished(): UnfinishedJob<Job>[] {
    return [...this.#jobs].map(toUnfinished);
  }

  #resolve(entry: JobInHand<Job>, index: number): void {
    if (this.#state === 'lost' || entry.isResolved[index] === 1) return;
    entry.isResolved[index] = 1;
    entry.open--;
    if (entry.open === 0) this.#finish(entry);
  }

  #markLater(): void {
    this.#markTimer ??= this.#options.clock.setTimeout(() => {
      this.#markTimer = undefined;
      this.#isMarkDue = this.#state !== 'lost';
      if (this.#isMarkDue) this.#store();
    }, MARK_AFTER_MS);
  }

  #finish(entry: JobInHand<Job>): void {
    this.#finished.push(entry);
    this.#store();
  }

  #store(): void {
    this.#storing ??= this.#storeAll()
      .catch((error: unknown) => {
        if (this.#state === 'lost') return;
        this.close();
        this.#options.onFailure(error);
      })
      .finally(() => {
        this.#storing = undefined;
      });
  }

  async #storeAll(): Promise<void> {
    // One turn later, what was settled by the same answer goes out together.
    await Promise.resolve();
    while (this.#finished.length > 0 || this.#withRejected.size > 0 || this.#isMarkDue) {
      await this.#storeMarks();
      for (const entry of [...this.#withRejected]) await this.#storeRejected(entry);
      const finished = [...this.#finished];
      if (finished.length === 0) continue;
      await this.#options.receiver.ack(finished.map(({ job }) => job));
      this.#finished = this.#finished.filter((entry) => !finished.includes(entry));
      for (const entry of finished) this.#letGo(entry);
    }
  }

  async #storeMarks(): Promise<void> {
    if (!this.#isMarkDue) return;
    this.#isMarkDue = false;
    const entries = [...this.#jobs].filter(({ unmarked, open }) => unmarked > 0 && open > 0);
    const marked = entries.map((entry) => ({ entry, records: entry.unmarked }));
    if (entries.length > 0) await this.#options.receiver.mark(entries.map(toUnfinished));
    for (const { entry, records } of marked) entry.unmarked -= records;
  }

  async #storeRejected(entry: JobInHand<Job>): Promise<void> {
    const rejected = [...entry.rejected];
    const letters = rejected.map(
      ({ place, reason }): RejectedRecord => ({ index: entry.job.indexes[place]!, reason: toErrorReport(reason) }),
    );
    await this.#options.receiver.deadLetter(entry.job, letters);
    entry.rejected = entry.rejected.slice(rejected.length);
    if (entry.rejected.length === 0) this.#withRejected.delete(entry);
    for (const { place, reason } of rejected) {
      this.#options.onRejected(reason);
      this.#resolve(entry, place);
    }
  }

  #letGo(entry: JobInHand<Job>): void {
    if (!this.#jobs.delete(entry)) return;
    this.#options.budget.release(entry.share);
    if (this.#jobs.size === 0) this.#tellEmpty();
  }

  #tellEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

const toUnfinished = <Job extends LaneJob>({ job, isResolved }: JobInHand<Job>): UnfinishedJob<Job> => ({
  job,
  remaining: job.indexes.filter((_, place) => isResolved[place] === 0),
});

/** What a job takes of the budget. */
export const shareOf = ({ bytes, records }: LaneJob): Weight => ({
  bytes: bytes + records.length * RECORD_OVERHEAD_BYTES,
  records: records.length,
});
