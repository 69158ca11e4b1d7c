/**
 * What a lane consumer needs from the queue; `openLaneReceiver` of `@sluice/queue` provides it. Every method rejects with a
 * `SluiceError`; one of a stale owner is refused.
 */
import type { ErrorReport, SluiceRecord } from '@sluice/core';

export interface LaneJob {
  readonly id: string;
  /** What is still to be delivered, in order: replays, and what was written before the job was handed back, are left out. */
  readonly records: readonly SluiceRecord[];
  /** The index of each of `records` in the batch as it was sent; in these the queue counts. */
  readonly indexes: readonly number[];
  /** Bytes that the job takes in memory. */
  readonly bytes: number;
  /** Times that the job was handed back for a reason. */
  readonly attempts: number;
}

/** A record that can never succeed, by its index in the batch. */
export interface RejectedRecord {
  readonly index: number;
  readonly reason: ErrorReport;
}

/** A job in hand, with the indexes in the batch of its records that are not resolved. */
export interface UnfinishedJob<Job extends LaneJob> {
  readonly job: Job;
  readonly remaining: readonly number[];
}

export interface LaneBlock {
  /** Counts as an attempt of the jobs in hand, and stands in their data. */
  readonly reason?: ErrorReport;
  /** For how long nobody takes from the lane. */
  readonly blockForMs?: number;
}

export interface LaneReceiver<Job extends LaneJob = LaneJob> {
  /** Puts whatever any owner has in hand back to the head of the lane, and says how long the lane still is blocked. Must come first. */
  takeOver(): Promise<{ readonly returned: number; readonly blockedForMs: number }>;
  /** The next jobs in the lane's order. Rejects when the order has a gap, which a take-over mends. */
  take(maxJobs: number): Promise<{ readonly jobs: readonly Job[]; readonly skipped: { readonly records: number } }>;
  /** Resolves when `take` is worth calling; rejects with the signal's reason. */
  waitForWork(signal: AbortSignal): Promise<void>;
  ack(jobs: readonly Job[]): Promise<void>;
  /** Writes down what is still to be delivered of jobs that stay in hand, for whoever takes the lane over should this owner die. */
  mark(marks: readonly UnfinishedJob<Job>[]): Promise<void>;
  /** Stores dead letters; resolves once they are durable. The job still is to be acknowledged. */
  deadLetter(job: Job, rejected: readonly RejectedRecord[]): Promise<void>;
  /** All jobs in hand return to the head of the lane in their order. */
  handBack(marks: readonly UnfinishedJob<Job>[], block: LaneBlock): Promise<void>;
}
