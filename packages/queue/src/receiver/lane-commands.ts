/**
 * The commands of a lane's owner, each one transaction: a script of ours that tests the lease, BullMQ's own commands, and a script
 * that settles what they did. BullMQ knows nothing of our lease, so the first script hands it what it needs to go on only if the test
 * is passed: an open queue to take from, or on each job the lock that its command asks for. All of them go on in a full Redis.
 */
import { randomUUID } from 'node:crypto';
import { formatFencingToken, type Lease, LeaseLostError } from '@sluice/lease';
import { BullQueue, type TakenBullJob, toTakenJob } from '../bull/bull-queue.ts';
import type { LaneScripts, ScriptArgument } from '../bull/lane-scripts.ts';
import type { LaneJobData } from '../job-data.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';
import type { LaneKeys } from '../lanes/lane-names.ts';

/** How the lane stands after a transaction. */
export interface LaneStanding {
  /** Jobs waiting. */
  readonly waiting: number;
  readonly activeIds: readonly string[];
  /** Id of the newest job ever pushed. */
  readonly newestId: number;
  /** How often the replay filter was cleared. */
  readonly clearings: number;
}

export interface TakeAnswer extends LaneStanding {
  readonly taken: readonly TakenBullJob[];
}

export type AckVerdict = 'acked' | 'gone' | 'stale';

export interface AckRequest {
  readonly id: string;
  readonly data: LaneJobData;
  readonly note: string;
}

export interface ReturnRequest {
  readonly marks: readonly { readonly id: string; readonly data: LaneJobData }[];
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
  readonly #queue: BullQueue;
  readonly #lease: Pick<Lease, 'token' | 'epoch'>;
  readonly #fence: readonly [number, string];

  constructor(scripts: LaneScripts, keys: LaneKeys, lease: Pick<Lease, 'token' | 'epoch'>) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#queue = new BullQueue(keys);
    this.#lease = lease;
    this.#fence = [lease.token.number, lease.token.owner];
  }

  /** Takes up to `maxJobs`; answers how long the lane is blocked, milliseconds, where it is. */
  async take(maxJobs: number): Promise<TakeAnswer | { readonly blockedForMs: number }> {
    const { meta, lease, state } = this.#keys;
    const lock = formatFencingToken(this.#lease.token);
    const [opened, ...answers] = await this.#scripts.transactEvenWhenFull(this.#lease.epoch, async (transaction) => {
      transaction.runScript('take-open', [lease, state, meta], this.#fence);
      for (let job = 0; job < maxJobs; job++) await this.#queue.take(transaction, lock);
      transaction.runScript('take-close', this.#closeKeys(), []);
    });
    const [outcome, number] = opened as [string, number];
    if (outcome === 'lost') throw this.#lost();
    if (outcome === 'blocked') return { blockedForMs: number };
    const taken = answers.slice(0, -1).map(toTakenJob);
    return { taken: taken.filter((job) => job !== undefined), ...toStanding(answers.at(-1), number) };
  }

  /**
   * The payloads of jobs, `null` where one is missing.
   * @throws {LeaseLostError} the lease is somebody else's, who may have acked these jobs: nothing is missing
   */
  async payloads(jobs: readonly LaneJobData[]): Promise<(Buffer | null)[]> {
    return this.#scripts.run(this.#lease.epoch, async (client) => {
      const pipeline = client.pipeline();
      for (const { payload } of jobs) pipeline.hgetBuffer(this.#keys.payloads, payload);
      // Asked last, so that whoever holds the lease here held it while the payloads were read.
      pipeline.hmget(this.#keys.lease, 'token', 'owner');
      const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
      const [token, owner] = answers.pop() as [string | null, string | null];
      if (token !== String(this.#fence[0]) || owner !== this.#fence[1]) throw this.#lost();
      return answers as (Buffer | null)[];
    });
  }

  /** Completes jobs and settles payload, gauge and replay filter with them. */
  async ack(jobs: readonly AckRequest[]): Promise<AckVerdict[]> {
    const { lease, active, wait, payloads, gauge, filter, acked, jobPrefix } = this.#keys;
    const lock = randomUUID();
    const [opened, ...answers] = await this.#scripts.transactEvenWhenFull(this.#lease.epoch, async (transaction) => {
      const identities = jobs.flatMap(({ id, data }) => [id, data.payload]);
      transaction.runScript('ack-open', [lease, active], [...this.#fence, lock, jobPrefix, ...identities]);
      for (const { id } of jobs) await this.#queue.complete(transaction, id, lock);
      const settled = jobs.flatMap(({ id, data, note }) => [id, data.payload, data.records, data.bytes + JOB_OVERHEAD_BYTES, note]);
      transaction.runScript('ack-close', [lease, wait, active, payloads, gauge, filter, acked], [...this.#fence, jobPrefix, ...settled]);
    });
    const [outcome, ...verdicts] = opened as string[];
    if (outcome === 'lost') throw this.#lost();
    return verdicts.map((verdict, index) => {
      if (verdict !== 'ready') return verdict as 'gone' | 'stale';
      if (Number(answers[index]) < 0)
        throw new Error(`bullmq refused to complete job ${jobs[index]!.id} of ${this.#keys.queueName} (code ${answers[index]})`);
      return 'acked';
    });
  }

  /** Returns all active jobs to the head of the lane, highest id first, so that the lowest is the next to be taken. */
  async returnAll({ marks, blockForMs, blockedReason }: ReturnRequest): Promise<ReturnAnswer> {
    const { lease, state, active, jobPrefix, filter, acked } = this.#keys;
    const marked = marks.flatMap(({ id, data }): ScriptArgument[] => [id, data.payload, JSON.stringify(data)]);
    for (;;) {
      const ids = await this.#scripts.run(this.#lease.epoch, (client) => client.lrange(active, 0, -1));
      const lock = randomUUID();
      const args = [...this.#fence, lock, jobPrefix, ids.join(','), Math.ceil(blockForMs), blockedReason, ...marked];
      const [opened, ...answers] = await this.#scripts.transactEvenWhenFull(this.#lease.epoch, async (transaction) => {
        transaction.runScript('return-open', [lease, state, active], args);
        for (const id of ids.toSorted((a, b) => Number(b) - Number(a))) await this.#queue.giveBack(transaction, id, lock);
        transaction.runScript('take-close', this.#closeKeys(), []);
        transaction.hgetall(filter).hgetall(acked).hmget(state, 'blockedUntil', 'clearings').time();
      });
      const [outcome, ...vanished] = opened as string[];
      if (outcome === 'lost') throw this.#lost();
      if (outcome === 'changed') continue;
      const [standing, seen, above, [blockedUntil, clearings], [seconds, micros]] = answers.slice(ids.length) as ReturnTail;
      const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      return {
        returned: ids.length - vanished.length,
        vanished,
        ...toStanding(standing, Number(clearings ?? 0)),
        blockedForMs: Math.max(0, Number(blockedUntil ?? 0) - now),
        filter: seen,
        acked: above,
      };
    }
  }

  /** Stores the job's new data, and dead letters with it; `false` where the job is not in hand. */
  async reject(id: string, data: LaneJobData, letters: readonly { readonly id: string; readonly content: Buffer }[]): Promise<boolean> {
    const { lease, active, jobPrefix, rejected } = this.#keys;
    const args = [...this.#fence, id, data.payload, JSON.stringify(data), ...letters.flatMap((letter) => [letter.id, letter.content])];
    const answer = await this.#scripts.script(this.#lease.epoch, 'reject-records', [lease, active, jobPrefix + id, rejected], args);
    if (answer === 'lost') throw this.#lost();
    return answer === 'stored';
  }

  #closeKeys(): string[] {
    const { meta, wait, active, newestId } = this.#keys;
    return [meta, wait, active, newestId];
  }

  #lost(): LeaseLostError {
    return new LeaseLostError(this.#keys.lease, 'redis knows another owner');
  }
}

/** What follows the moves in a transaction that returns jobs. */
type ReturnTail = [unknown, Record<string, string>, Record<string, string>, [string | null, string | null], [string, string]];

function toStanding(answer: unknown, clearings: number): LaneStanding {
  const [waiting, activeIds, newestId] = answer as [number, string[], number];
  return { waiting, activeIds, newestId, clearings };
}
