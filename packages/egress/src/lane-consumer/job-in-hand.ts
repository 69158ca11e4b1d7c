import { RECORD_OVERHEAD_BYTES, type SluiceError, toErrorReport, type Weight } from '@sluice/core';
import type { JobSettlement, LaneJob, UnfinishedJob } from '@sluice/queue';
import type { RunningSpan } from '@sluice/telemetry';
import type { AckHandle } from '../egress-writer/record-in-hand.ts';

interface Rejection {
  /** Among the job's records. */
  readonly place: number;
  readonly reason: SluiceError;
}

/** A job in hand: which of its records are delivered, which are rejected, and how much of that is stored. */
export class JobInHand implements AckHandle {
  readonly job: LaneJob;
  /** Of its lane. */
  readonly #laneName: string;
  readonly weight: Weight;
  span: RunningSpan | undefined = undefined;
  /** One flag a record: set once it is delivered or rejected. */
  readonly #isSettled: Uint8Array;
  readonly #onSettled: (job: JobInHand, reason: SluiceError | undefined) => void;
  #open: number;
  /** Rejected records that are not stored yet. */
  #rejections: readonly Rejection[] = [];
  /** Delivered records that are not stored yet. */
  #unstored = 0;

  constructor(job: LaneJob, laneName: string, onSettled: (job: JobInHand, reason: SluiceError | undefined) => void) {
    this.job = job;
    this.#laneName = laneName;
    this.weight = weightOf(job);
    this.#isSettled = new Uint8Array(job.records.length);
    this.#open = job.records.length;
    this.#onSettled = onSettled;
  }

  /** Whether each of its records is delivered or rejected. */
  get isFinished(): boolean {
    return this.#open === 0;
  }

  /** Whether records wait to become dead letters. */
  get hasRejections(): boolean {
    return this.#rejections.length > 0;
  }

  /** Delivered records of which Redis does not know. */
  get unstored(): number {
    return this.#unstored;
  }

  nameOf(place: number): string {
    return `${this.#laneName}/${this.job.id}.${this.job.indexes[place]}`;
  }

  settle(place: number, reason: SluiceError | undefined): void {
    if (this.#isSettled[place] === 1) return;
    this.#isSettled[place] = 1;
    this.#open--;
    if (reason) this.#rejections = [...this.#rejections, { place, reason }];
    else this.#unstored++;
    this.#onSettled(this, reason);
  }

  /** What is to be stored now, and what to call once it is: that answers the rejections that are durable. */
  settlement(): { readonly settlement: JobSettlement; readonly stored: () => readonly SluiceError[] } {
    const rejections = this.#rejections;
    const unstored = this.#unstored;
    const deadLetters = rejections.map(({ place, reason }) => ({ index: this.job.indexes[place]!, reason: toErrorReport(reason) }));
    return {
      settlement: { job: this.job, remaining: this.#remaining([]), deadLetters },
      stored: () => {
        this.#rejections = this.#rejections.slice(rejections.length);
        this.#unstored -= unstored;
        return rejections.map(({ reason }) => reason);
      },
    };
  }

  /** What goes back to the lane: also what was rejected and is not stored. */
  unfinished(): UnfinishedJob {
    return { job: this.job, remaining: this.#remaining(this.#rejections.map(({ place }) => place)) };
  }

  #remaining(alsoPlaces: readonly number[]): number[] {
    if (this.isFinished && alsoPlaces.length === 0) return [];
    return this.job.indexes.filter((_, place) => this.#isSettled[place] === 0 || alsoPlaces.includes(place));
  }
}

/** What a job takes of the budget. */
export const weightOf = ({ bytes, records }: LaneJob): Weight => ({
  bytes: bytes + records.length * RECORD_OVERHEAD_BYTES,
  records: records.length,
});
