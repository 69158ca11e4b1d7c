import type { ErrorReport } from '@sluice/core';
import type { SettleRequest } from '../bull/lane-commands.ts';
import { toDeadLetterJob } from '../dead-letters/dead-letter.ts';
import type { DeadLetterJob } from '../dead-letters/dead-letter-job.ts';
import { StaleJobError } from '../errors.ts';
import type { LaneJobData } from '../job-data.ts';
import type { HeldJob, LaneJob } from './lane-job.ts';
import type { JobSettlement, Rejection, UnfinishedJob } from './lane-receiver.ts';
import { handedBack, remainingOf, withRemaining } from './remaining.ts';

interface JobsInHandOptions {
  readonly target: string;
  readonly lane: number;
  readonly queueName: string;
  now(): number;
  /** Hears of each payload whose job is completed. */
  readonly onCompleted: (payload: Uint8Array) => void;
}

/** A job to be settled, and how it stands once it is. */
export interface Settling {
  readonly held: HeldJob;
  readonly request: SettleRequest;
}

/** The jobs that a lane's owner has taken and not settled, and what is known of their records. */
export class JobsInHand {
  readonly #options: JobsInHandOptions;
  readonly #jobs = new Map<string, HeldJob>();

  constructor(options: JobsInHandOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#jobs.size;
  }

  get ids(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  add(held: HeldJob): void {
    this.#jobs.set(held.job.id, held);
  }

  clear(): void {
    this.#jobs.clear();
  }

  /** What Redis has to do so that these jobs are settled. @throws {StaleJobError | RangeError} */
  toSettle({ job, remaining, deadLetters }: JobSettlement): Settling {
    const held = this.#heldOf(job);
    const letters = deadLetters.map((rejection) => this.#deadLetter(held, rejection));
    const rejected = new Set(deadLetters.map(({ index }) => index));
    const left = this.#remaining({ job, remaining }).filter((index) => !rejected.has(index));
    return this.#settling(held, left.length > 0 ? withRemaining(held.data, left) : undefined, letters);
  }

  /** A job whose records are all replays. */
  toComplete(held: HeldJob): Settling {
    return this.#settling(held, undefined, []);
  }

  /** The data of a job that is handed back, `undefined` where nothing remains of it. @throws {StaleJobError} */
  toHandBack(unfinished: UnfinishedJob, reason: ErrorReport | undefined): LaneJobData | undefined {
    const left = this.#remaining(unfinished);
    return left.length > 0 ? handedBack(this.#heldOf(unfinished.job).data, left, reason) : undefined;
  }

  /** Redis has settled it. */
  settled({ held, request }: Settling): void {
    if (request.newData) held.data = request.newData;
    else if (this.#forget(held)) this.#options.onCompleted(held.payload);
  }

  /** Redis says that another has it, or none. */
  drop({ held }: Settling): void {
    this.#forget(held);
  }

  /** Answers whether it was in hand. */
  #forget(held: HeldJob): boolean {
    return this.#jobs.get(held.job.id) === held && this.#jobs.delete(held.job.id);
  }

  #settling(held: HeldJob, newData: LaneJobData | undefined, deadLetters: readonly DeadLetterJob[]): Settling {
    const { job, data, note } = held;
    return { held, request: { id: job.id, data, ...(newData && { newData }), note, deadLetters } };
  }

  /** What the caller says remains, less what it said before. */
  #remaining({ job, remaining }: UnfinishedJob): number[] {
    const { data } = this.#heldOf(job);
    if (remaining.length === 0) return [];
    const before = new Set(remainingOf(data));
    const now = new Set(remaining);
    return job.indexes.filter((index) => now.has(index) && before.has(index));
  }

  #deadLetter({ job, data }: HeldJob, { index, reason }: Rejection): DeadLetterJob {
    const record = job.records[job.indexes.indexOf(index)];
    if (!record) throw new RangeError(`expected the index of a record of job ${job.id}, got ${index}`);
    const { target, lane, now } = this.#options;
    // The same however often the record is rejected, so that storing it again makes no second one.
    const id = `${data.payload}-${index}`;
    return toDeadLetterJob({ target, lane, id, rejectedAtMs: now(), reason, record });
  }

  #heldOf(job: LaneJob): HeldJob {
    const held = this.#jobs.get(job.id);
    if (held?.job !== job) throw new StaleJobError(this.#options.queueName, job.id);
    return held;
  }
}
