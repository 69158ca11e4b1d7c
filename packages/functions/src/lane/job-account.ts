import { RECORD_OVERHEAD_BYTES, type Weight, type WeightedBudget } from '@sluice/core';
import type { JobSettlement, LaneJob, Rejection, UnfinishedJob } from '@sluice/queue';
import type { RunningSpan } from '@sluice/telemetry';

/** A job in hand, and which of its messages are still in it. What a commit does to it is noted only once Redis has applied it. */
export class JobAccount {
  readonly job: LaneJob;
  readonly weight: Weight;
  /** When it was taken, by the monotonic clock. */
  readonly takenAtMs: number;
  readonly #span: RunningSpan | undefined;
  readonly #isSettled: Uint8Array;
  #open: number;

  constructor(job: LaneJob, takenAtMs: number, span?: RunningSpan) {
    this.job = job;
    this.takenAtMs = takenAtMs;
    this.#span = span;
    this.weight = weightOf(job);
    this.#isSettled = new Uint8Array(job.records.length);
    this.#open = job.records.length;
  }

  get trace(): string | undefined {
    return this.#span?.traceparent;
  }

  /** Nothing of it is in hand any more. @param budget in which its weight was reserved */
  letGo(budget: WeightedBudget): void {
    budget.release(this.weight);
    this.#span?.end();
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
