/**
 * A lane in the hands of its owner: jobs are taken in id order, several at once, acked in any order.
 *
 *     takeOver ──▶ take ──▶ ack                 deadLetter: a record is resolved without being sent
 *        ▲          │  └──▶ handBack ──▶ take …
 *        └──────────┘ something is not as it was left
 *
 * What the owner knows from memory is only which jobs are in its hand and how far it has come; it holds from a take-over to the next.
 * Whatever it asks of Redis is tested there against its lease, and is sent only on the connection under which the lease was claimed.
 */
import type { Clock, ErrorReport, Logger } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import type { RedisSession } from '@sluice/redis';
import type { LaneAddress } from '../lanes/lane-names.ts';
import type { LaneJob } from './lane-job.ts';

export interface LaneReceiverOptions extends LaneAddress {
  readonly session: RedisSession;
  /** Claimed on {@link laneLeaseKey}. */
  readonly lease: Pick<Lease, 'token' | 'epoch'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LaneTake {
  /** In id order. */
  readonly jobs: readonly LaneJob[];
  /** Nothing may be taken for this time, milliseconds; 0 otherwise. */
  readonly blockedForMs: number;
  /** What the replay filter took out, jobs that were replays as a whole among it. */
  readonly skipped: { readonly records: number; readonly jobs: number };
}

export interface TakeOver {
  /** Jobs that hung in another owner's hand, or in ours. */
  readonly returned: number;
  readonly blockedForMs: number;
}

/** Which records of a job, by their index in the batch, are still to be delivered. */
export interface JobMark {
  readonly job: LaneJob;
  readonly remaining: readonly number[];
}

export interface HandBackOptions {
  /** Counted and kept with the marked jobs. Absent where nothing failed, as at a shutdown. */
  readonly reason?: ErrorReport;
  /** For how long nobody may take anything from the lane, milliseconds. @default 0 */
  readonly blockForMs?: number;
}

export interface Rejection {
  /** The record's index in the batch. */
  readonly index: number;
  readonly reason: ErrorReport;
}

export interface LaneReceiver {
  readonly jobsInHand: number;
  /**
   * Returns every job in hand, ours or a former owner's, to the head of the lane, and learns how far the lane has come.
   * Comes first, and again after a `LaneDisturbedError` and after any call whose outcome is unknown. Jobs taken before are void.
   */
  takeOver(): Promise<TakeOver>;
  /**
   * Takes the next jobs, at most `maxJobs`. A job that is a replay as a whole is acked at once and only counted.
   * @throws {LaneDisturbedError} a job hangs elsewhere: let what is in flight end, then take over
   * @throws {PayloadMissingError | PayloadMalformedError} the next job cannot be read; those before it were handed out first
   */
  take(maxJobs: number): Promise<LaneTake>;
  /** Removes jobs whose every record is resolved. Acking again is harmless. @throws {StaleJobError} a job is not in hand any more */
  ack(jobs: readonly LaneJob[]): Promise<void>;
  /** Returns every job in hand to the head of the lane, with what the marks say, and may block the lane. Jobs taken before are void. */
  handBack(marks: readonly JobMark[], options?: HandBackOptions): Promise<void>;
  /**
   * Writes down which records of jobs in hand are still to be delivered, so that an owner that dies repeats no more than what it had not
   * written down. The jobs stay in hand. @throws {StaleJobError} a job is not in hand any more
   */
  mark(marks: readonly JobMark[]): Promise<void>;
  /** Stores records as dead letters and marks them resolved, both or neither. Their job is acked as any other. */
  deadLetter(job: LaneJob, rejections: readonly Rejection[]): Promise<void>;
  /** Resolves when `take` is worth calling, and when the connection is lost. Rejects with the signal's reason. */
  waitForWork(signal: AbortSignal): Promise<void>;
}
