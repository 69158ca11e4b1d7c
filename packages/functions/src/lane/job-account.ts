import { RECORD_OVERHEAD_BYTES, type Weight } from '@sluice/core';
import type { JobSettlement, LaneJob, Rejection, UnfinishedJob } from '@sluice/queue';

/** A job in hand, and which of its messages are still in it. What a commit does to it is noted only once Redis has applied it. */
export class JobAccount {
  readonly job: LaneJob;
  readonly weight: Weight;
  /** When it was taken, by the monotonic clock. */
  readonly takenAtMs: number;
  readonly #isSettled: Uint8Array;
  #open: number;

  constructor(job: LaneJob, takenAtMs: number) {
    this.job = job;
    this.takenAtMs = takenAtMs;
    this.weight = weightOf(job);
    this.#isSettled = new Uint8Array(job.records.length);
    this.#open = job.records.length;
  }

  get isFinished(): boolean {
    return this.#open === 0;
  }

  /** How the job stands once the messages at these places have left it. */
  settlement(places: readonly number[], deadLetters: readonly Rejection[]): JobSettlement {
    const leaving = new Set(places);
    return { job: this.job, remaining: this.#remaining(leaving), deadLetters };
  }

  /** Redis has applied it. */
  settled(places: readonly number[]): void {
    for (const place of places) {
      if (this.#isSettled[place] === 1) continue;
      this.#isSettled[place] = 1;
      this.#open--;
    }
  }

  unfinished(): UnfinishedJob {
    return { job: this.job, remaining: this.#remaining(NONE) };
  }

  #remaining(leaving: ReadonlySet<number>): number[] {
    return this.job.indexes.filter((_, place) => this.#isSettled[place] === 0 && !leaving.has(place));
  }
}

const NONE: ReadonlySet<number> = new Set();

/** What a job takes of the budget. */
export const weightOf = ({ bytes, records }: LaneJob): Weight => ({
  bytes: bytes + records.length * RECORD_OVERHEAD_BYTES,
  records: records.length,
});
