/**
 * A lane in the hands of its owner: jobs are taken in id order, several at once, settled in any order.
 *
 *     takeOver ──▶ take ──▶ settle ──▶ take …    a job of which nothing remains is completed
 *        ▲          │  └──▶ handBack ──▶ take …
 *        └──────────┘ something is not as it was left
 *
 * What the owner knows from memory is only which jobs are in its hand and how far it has come; it holds from a take-over to the next.
 * Whatever it asks of Redis is tested there against its lease, and is sent only on the connection under which the lease was claimed.
 */
import type { Clock, ErrorReport, Logger, Weight } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import type { LaneAddress, RedisSession } from '@sluice/redis';
import type { LaneEffects } from '../effects/lane-effects.ts';
import type { LaneJob } from './lane-job.ts';

export interface LaneReceiverOptions extends LaneAddress {
  readonly session: RedisSession;
  /** Claimed on {@link laneLeaseKey}. */
  readonly lease: Pick<Lease, 'token' | 'epoch'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Whether the memory of a job's records is used again once the job is completed. Then nothing may refer to them, or to parts of their
   * data, once they are settled.
   * @default false
   */
  readonly reusesMemory?: boolean;
}

export interface LaneTake<Job = LaneJob> {
  /** In id order. */
  readonly jobs: readonly Job[];
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

/** A job in hand, and which of its records, by their index in the batch, are still to be delivered. */
export interface UnfinishedJob<Job = LaneJob> {
  readonly job: Job;
  readonly remaining: readonly number[];
}

/** What has become of the records of a job in hand: those in neither list are delivered. */
export interface JobSettlement<Job = LaneJob> extends UnfinishedJob<Job> {
  /** Records that can never be delivered. Their indexes need not be left out of `remaining`. */
  readonly deadLetters: readonly Rejection[];
}

export interface HandBackOptions {
  /** Counted and kept with the jobs handed back. Absent where nothing failed, as at a shutdown. */
  readonly reason?: ErrorReport;
  /** For how long nothing may be taken from the lane, milliseconds. @default 0 */
  readonly blockForMs?: number;
}

export interface Rejection {
  /** The record's index in the batch. */
  readonly index: number;
  readonly reason: ErrorReport;
}

export interface LaneReceiver<Job = LaneJob> {
  readonly jobsInHand: number;
  /**
   * Returns every job in hand, ours or a former owner's, to the head of the lane, and learns how far the lane has come.
   * Comes first, and again after a `LaneDisturbedError` and after any call whose outcome is unknown. Jobs taken before are void.
   */
  takeOver(): Promise<TakeOver>;
  /**
   * Takes the next jobs, at most `maxJobs`, and no further one once those taken hold more bytes or records than `enough`, where that is given: so
   * the last of them may exceed it. A job that is a replay as a whole is completed at once and only counted.
   * @throws {LaneDisturbedError} a job hangs elsewhere: let what is in flight end, then take over
   * @throws {PayloadMissingError | PayloadMalformedError} the next job cannot be read; those before it were handed out first
   */
  take(maxJobs: number, enough?: Weight): Promise<LaneTake<Job>>;
  /**
   * In one step, whole or not at all for each job: its dead letters are stored with those of the target, its data says what remains of
   * it, and where nothing remains it is completed. So an owner that dies repeats no more than what it had not settled. Settling again
   * is harmless.
   *
   * With effects, all settlements and all effects are one step, applied whole or not at all. Name each job once.
   * @throws {StaleJobError} a job is not in hand any more; the others are settled, but with effects nothing is
   * @throws {GuardFailedError} a guard or a token of the effects; nothing was applied, the jobs stay in hand
   * @throws {LaneCountMismatchError} a target of the effects was first used with another number of lanes; nothing was applied
   */
  settle(settlements: readonly JobSettlement<Job>[], effects?: LaneEffects): Promise<void>;
  /** Returns every job in hand to the head of the lane, with what remains of it, and may block the lane. Jobs taken before are void. */
  handBack(unfinished: readonly UnfinishedJob<Job>[], options?: HandBackOptions): Promise<void>;
  /** Resolves when there may be something to take, and when the connection is lost. Rejects with the signal's reason. */
  waitForWork(signal: AbortSignal): Promise<void>;
}
