/**
 * The commands of a lane's owner, each one script: it tests the lease, and does with BullMQ's keys of the lane what BullMQ's own command
 * for one job does. All of them work in a full Redis.
 *
 * BullMQ's own commands do not suffice: they know nothing of our lease, so that a former owner could still take and complete; a MULTI
 * around several of them goes on where one is refused; and they refuse to empty a full Redis, because the first thing they write makes
 * something larger. What our scripts rely on and what they must leave behind is compared with BullMQ itself in `bull-contract.integration.test.ts`.
 */
import type { Weight } from '@sluice/core';
import { formatFencingToken, type Lease, LeaseLostError } from '@sluice/lease';
import { type DeadLetterKeys, type LaneKeys, runPipeline, type ScriptArgument } from '@sluice/redis';
import { type DeadLetterJob, toLetterArguments } from '../dead-letters/dead-letter-job.ts';
import type { LaneJobData } from '../job-data.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';
import { type CommitKeys, type CommitVerdict, runCommit, settleHead, settleKeys } from './commit-command.ts';
import type { LaneScripts } from './lane-scripts.ts';
import { MAX_EVENTS } from './max-events.ts';

/** Only keeps BullMQ's own tools away from active jobs; who owns a lane is decided by its lease. */
const LOCK_DURATION_MS = 24 * 3_600_000;

/** How the lane stands after a command. */
export interface LaneStanding {
  /** How often the replay filter was cleared. */
  readonly clearings: number;
  /** Jobs waiting. */
  readonly waiting: number;
  readonly activeIds: readonly string[];
  /** Id of the newest job ever pushed. */
  readonly newestId: number;
}

export interface TakenJob {
  readonly id: string;
  /** JSON; '' where the job does not exist although its id was queued. */
  readonly data: string;
}

export interface TakeAnswer extends LaneStanding {
  readonly taken: readonly TakenJob[];
}

export interface SettleRequest {
  readonly id: string;
  readonly data: LaneJobData;
  /** What the job's data becomes; absent where the job is to be completed. */
  readonly newData?: LaneJobData;
  readonly note: string;
  readonly deadLetters: readonly DeadLetterJob[];
}

/** `gone`: it was completed before. `stale`: it is not in hand; nothing of it was stored. */
export type SettleVerdict = 'settled' | 'gone' | 'stale';

export interface ReturnRequest {
  readonly rewrites: readonly { readonly id: string; readonly data: LaneJobData }[];
  readonly blockForMs: number;
  readonly blockedReason: string;
}

export interface ReturnAnswer extends LaneStanding {
  readonly returned: number;
  /** Ids that were active but have no job. */
  readonly vanished: readonly string[];
  readonly blockedForMs: number;
  readonly filter: Readonly<Record<string, string>>;
  readonly acked: Readonly<Record<string, string>>;
}

export class LaneCommands {
  readonly #scripts: LaneScripts;
  readonly #keys: LaneKeys;
  readonly #deadLetters: DeadLetterKeys;
  readonly #lease: Pick<Lease, 'token' | 'epoch'>;
  readonly #fence: readonly [number, string];

  constructor(scripts: LaneScripts, keys: LaneKeys, deadLetters: DeadLetterKeys, lease: Pick<Lease, 'token' | 'epoch'>) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#deadLetters = deadLetters;
    this.#lease = lease;
    this.#fence = [lease.token.number, lease.token.owner];
  }

  /** Takes up to `maxJobs`, none once those taken hold more than `enough`; answers how long the lane is blocked, milliseconds, where it is. */
  async take(maxJobs: number, enough: Weight): Promise<TakeAnswer | { readonly blockedForMs: number }> {
    const { lease, state, meta, wait, active, events, newestId, jobPrefix } = this.#keys;
    const lock = [formatFencingToken(this.#lease.token), LOCK_DURATION_MS];
    const args = [...this.#fence, jobPrefix, MAX_EVENTS, maxJobs, ...lock, enough.bytes, enough.records];
    const answer = await this.#run('takeJobs', [lease, state, meta, wait, active, events, newestId], args);
    if (answer[0] === 'blocked') return { blockedForMs: answer[1] as number };
    const [, , , , , flat] = answer as TakeReply;
    const taken = Array.from({ length: flat.length / 2 }, (_, job) => ({ id: flat[2 * job]!, data: flat[2 * job + 1]! }));
    return { ...toStanding(answer as TakeReply), taken };
  }

  /**
   * The payloads of jobs, `null` where one is missing.
   * @throws {LeaseLostError} the lease belongs to another owner, who may have settled these jobs: nothing is missing
   */
  async payloads(jobs: readonly LaneJobData[]): Promise<(Buffer | null)[]> {
    const answers = await runPipeline(this.#scripts.session, this.#lease.epoch, (pipeline) => {
      for (const { payload } of jobs) pipeline.hgetBuffer(this.#keys.payloads, payload);
      // Read last: the owner it names held the lease while the payloads were read.
      pipeline.hmget(this.#keys.lease, 'token', 'owner');
    });
    const [token, owner] = answers.pop() as [string | null, string | null];
    if (token !== String(this.#fence[0]) || owner !== this.#fence[1]) throw this.#lost();
    return answers as (Buffer | null)[];
  }

  /** Settles jobs, their dead letters, payloads, gauge and replay filter in one step. */
  async settle(jobs: readonly SettleRequest[]): Promise<SettleVerdict[]> {
    const keys = settleKeys(this.#keys, this.#deadLetters);
    const args = [...settleHead(this.#fence, this.#keys, this.#deadLetters), ...jobs.flatMap(toSettleArguments)];
    const [, ...verdicts] = (await this.#run('settleJobs', keys, args)) as ['open', ...SettleVerdict[]];
    return verdicts;
  }

  /** Settles jobs and applies effects in one step, or refuses all of it. @param effects as `toCommitArguments` makes them */
  async commit(
    jobs: readonly SettleRequest[],
    effects: readonly ScriptArgument[],
    others: Pick<CommitKeys, 'delayed' | 'targets'>,
  ): Promise<Exclude<CommitVerdict, 'lost'>> {
    const keys = { lane: this.#keys, letters: this.#deadLetters, ...others };
    const verdict = await runCommit(this.#scripts, this.#lease.epoch, keys, this.#fence, effects, jobs.flatMap(toSettleArguments));
    if (verdict === 'lost') throw this.#lost();
    return verdict;
  }

  /** Returns all active jobs to the head of the lane, highest id first, so that the lowest is the next to be taken. */
  async returnAll({ rewrites, blockForMs, blockedReason }: ReturnRequest): Promise<ReturnAnswer> {
    const { lease, state, meta, wait, active, events, newestId, filter, acked, jobPrefix } = this.#keys;
    const rewritten = rewrites.flatMap(({ id, data }) => [id, data.payload, JSON.stringify(data)]);
    const args = [...this.#fence, jobPrefix, MAX_EVENTS, Math.ceil(blockForMs), blockedReason, ...rewritten];
    const keys = [lease, state, meta, wait, active, events, newestId, filter, acked];
    const answer = (await this.#run('returnJobs', keys, args)) as ReturnReply;
    const [, , , , , returned, vanished, blockedForMs, seen, above] = answer;
    return { ...toStanding(answer), returned, vanished, blockedForMs, filter: toRecord(seen), acked: toRecord(above) };
  }

  async #run(name: Parameters<LaneScripts['script']>[1], keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown[]> {
    const answer = (await this.#scripts.script(this.#lease.epoch, name, keys, args)) as unknown[];
    if (answer[0] === 'lost') throw this.#lost();
    return answer;
  }

  #lost(): LeaseLostError {
    return new LeaseLostError(this.#keys.lease, 'redis knows another owner');
  }
}

type StandingReply = [outcome: string, clearings: number, waiting: number, activeIds: string[], newestId: number];
type TakeReply = [...StandingReply, taken: string[]];
type ReturnReply = [...StandingReply, returned: number, vanished: string[], blockedForMs: number, filter: string[], acked: string[]];

const toStanding = ([, clearings, waiting, activeIds, newestId]: TakeReply | ReturnReply): LaneStanding => ({
  clearings,
  waiting,
  activeIds,
  newestId,
});

const toRecord = (flat: readonly string[]): Record<string, string> =>
  Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, field) => [flat[2 * field]!, flat[2 * field + 1]!]));

const toSettleArguments = ({ id, data, newData, note, deadLetters }: SettleRequest): ScriptArgument[] => [
  ...[id, data.payload, newData ? JSON.stringify(newData) : ''],
  ...[data.records, data.bytes + JOB_OVERHEAD_BYTES, note, deadLetters.length],
  ...deadLetters.flatMap(toLetterArguments),
];
