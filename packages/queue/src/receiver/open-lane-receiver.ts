import { type Logger, sleep, toErrorReport, type Weight } from '@sluice/core';
import { deadLetterKeys, delayedKeys, type LaneKeys, laneKeys, RedisBusyError, replyBuffers, targetsKey } from '@sluice/redis';
import {
  LaneCommands,
  type LaneStanding,
  type ReturnAnswer,
  type ReturnRequest,
  type SettleVerdict,
  type TakeAnswer,
} from '../bull/lane-commands.ts';
import { laneScripts } from '../bull/lane-scripts.ts';
import { toCommitArguments } from '../effects/commit-arguments.ts';
import { toGuardError } from '../effects/effect-facts.ts';
import type { LaneEffects } from '../effects/lane-effects.ts';
import { withLaneNumbers } from '../effects/number-lanes.ts';
import { LaneDisturbedError, PayloadMalformedError, PayloadMissingError, StaleJobError } from '../errors.ts';
import { JobsInHand, type Settling } from './jobs-in-hand.ts';
import { openJob, parseJobData } from './lane-job.ts';
import type {
  HandBackOptions,
  JobSettlement,
  LaneReceiver,
  LaneReceiverOptions,
  LaneTake,
  TakeOver,
  UnfinishedJob,
} from './lane-receiver.ts';
import { laneWatch } from './lane-watch.ts';
import { LaneProgress } from './replay-filter.ts';
import { Serial } from './serial.ts';

/** Builds the owner's side of a lane; nothing is sent before `takeOver`. */
export const openLaneReceiver = (options: LaneReceiverOptions): LaneReceiver => new Receiver(options);

/** After this time a lane whose queue an operator has paused is looked at again. */
const PAUSED_BY_HAND_MS = 1_000;
const ANY: Weight = { bytes: Number.MAX_SAFE_INTEGER, records: Number.MAX_SAFE_INTEGER };

class Receiver implements LaneReceiver {
  readonly #options: LaneReceiverOptions;
  readonly #keys: LaneKeys;
  readonly #commands: LaneCommands;
  readonly #logger: Logger;
  readonly #hand: JobsInHand;
  /** Calls that change which jobs are in hand. */
  readonly #moves = new Serial();
  /** Calls that change what is known of their records; beside a take, so that neither waits for the other's answer. */
  readonly #settlements = new Serial();
  /** `undefined` while the lane must be taken over. */
  #progress: LaneProgress | undefined;
  #standing: LaneStanding = { waiting: 0, activeIds: [], newestId: 0, clearings: 0 };
  /** Ids up to this one may have gaps: those jobs were completed. */
  #newestAtTakeOver = 0;
  #lastTaken = 0;
  #blockedUntil = 0;
  /** The next job cannot be read. */
  #alarm: Error | undefined;

  constructor(options: LaneReceiverOptions) {
    const { target, lane, clock, reusesMemory = false } = options;
    this.#options = options;
    this.#keys = laneKeys(options);
    this.#commands = new LaneCommands(laneScripts(options.session), this.#keys, deadLetterKeys(options), options.lease);
    this.#logger = options.logger.child({ target, lane });
    this.#hand = new JobsInHand({
      ...{ target, lane, queueName: this.#keys.queueName, now: () => clock.now() },
      onCompleted: (payload) => {
        if (reusesMemory) replyBuffers.release(payload);
      },
    });
  }

  get jobsInHand(): number {
    return this.#hand.size;
  }

  takeOver(): Promise<TakeOver> {
    return this.#moves.run(async () => {
      const { returned, blockedForMs } = await this.#returnAll({ rewrites: [], blockForMs: 0, blockedReason: '' });
      return { returned, blockedForMs };
    });
  }

  take(maxJobs: number, enough = ANY): Promise<LaneTake> {
    return this.#moves.run(async () => {
      if (this.#alarm) throw this.#alarm;
      if (!this.#progress) throw this.#disturbed('it was not taken over yet');
      // As it is when the command leaves: what is settled after it may be answered before its answer is looked at.
      const inHand = this.#hand.ids;
      const answer = await this.#commands.take(maxJobs, enough).catch((error) => this.#forget(error));
      if ('blockedForMs' in answer) return this.#blocked(answer.blockedForMs);
      this.#note(answer, inHand);
      if (answer.taken.length === 0) return this.#blocked(answer.waiting > 0 && maxJobs > 0 ? PAUSED_BY_HAND_MS : 0);
      return await this.#open(answer, this.#progress).catch((error) => this.#mustTakeOver(error));
    });
  }

  settle(settlements: readonly JobSettlement[], effects?: LaneEffects): Promise<void> {
    return this.#settlements.run(() => {
      const settlings = settlements.map((settlement) => this.#hand.toSettle(settlement));
      return effects ? this.#commit(settlings, effects) : this.#settle(settlings);
    });
  }

  handBack(unfinished: readonly UnfinishedJob[], { reason, blockForMs = 0 }: HandBackOptions = {}): Promise<void> {
    return this.#moves.run(() =>
      this.#settlements.run(async () => {
        const rewrites = unfinished.flatMap((one) => {
          const data = this.#hand.toHandBack(one, reason);
          return data ? [{ id: one.job.id, data }] : [];
        });
        const isLeft = new Set(rewrites.map(({ id }) => id));
        const finished = unfinished.filter(({ job }) => !isLeft.has(job.id));
        await this.#settle(finished.map(({ job }) => this.#hand.toSettle({ job, remaining: [], deadLetters: [] })));
        await this.#returnAll({ rewrites, blockForMs, blockedReason: reason?.message ?? '' });
      }),
    );
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    const { clock, session, lease } = this.#options;
    signal.throwIfAborted();
    if (lease.epoch !== session.epoch || !this.#progress) return;
    const blockedForMs = this.#blockedUntil - clock.monotonic();
    if (blockedForMs > 0) return sleep(clock, blockedForMs, signal);
    if (this.#standing.waiting > 0) return;
    await laneWatch(session, clock).until(this.#keys.newestId, this.#standing.newestId, signal);
  }

  async #returnAll(request: ReturnRequest): Promise<ReturnAnswer> {
    this.#hand.clear();
    this.#progress = undefined;
    const answer = await this.#commands.returnAll(request);
    for (const id of answer.vanished) this.#logger.error('an active job does not exist any more', { id });
    this.#progress = new LaneProgress(answer.filter, answer.acked);
    this.#standing = answer;
    this.#newestAtTakeOver = answer.newestId;
    this.#lastTaken = 0;
    this.#alarm = undefined;
    this.#block(answer.blockedForMs);
    return answer;
  }

  /** Compares what Redis did with what it should have done: the jobs in hand are the active ones, and ids have no gap. */
  #note(answer: TakeAnswer, inHand: readonly string[]): void {
    const { clearings } = this.#standing;
    this.#standing = answer;
    if (answer.clearings !== clearings) throw this.#disturbed('its replay filter was cleared');
    const known = new Set([...inHand, ...answer.taken.map(({ id }) => id)]);
    const stranger = answer.activeIds.find((id) => !known.has(id));
    if (stranger !== undefined) throw this.#disturbed(`job ${stranger} is active but not in its owner's hand`);
    for (const { id } of answer.taken) {
      const number = Number(id);
      const expected = Math.max(this.#lastTaken, this.#newestAtTakeOver) + 1;
      if (!(number > this.#lastTaken) || number > expected) throw this.#disturbed(`expected job ${expected}, got job ${id}`);
      this.#lastTaken = number;
    }
  }

  async #open({ taken }: TakeAnswer, progress: LaneProgress): Promise<LaneTake> {
    const datas = this.#readAhead(taken, parseJobData);
    const payloads = await this.#commands.payloads(datas);
    const opened = this.#readAhead(taken.slice(0, datas.length), ({ id }, index) => {
      const payload = payloads[index];
      if (!payload) throw new PayloadMissingError(this.#keys.queueName, id, datas[index]!.records);
      return openJob(id, datas[index]!, payload, progress);
    });
    for (const held of opened) this.#hand.add(held);
    const replays = opened.filter(({ job }) => job.records.length === 0);
    await this.#settle(replays.map((held) => this.#hand.toComplete(held)));
    const jobs = opened.filter(({ job }) => job.records.length > 0).map(({ job }) => job);
    const skipped = { records: opened.reduce((sum, { replayed }) => sum + replayed, 0), jobs: replays.length };
    if (opened.length === 0 && this.#alarm) throw this.#alarm;
    return { jobs, blockedForMs: 0, skipped };
  }

  /** Reads jobs up to the first that cannot be read, which becomes the alarm that the next `take` raises. */
  #readAhead<J extends { readonly id: string }, T>(jobs: readonly J[], read: (job: J, index: number) => T): T[] {
    const results: T[] = [];
    for (const [index, job] of jobs.entries()) {
      try {
        results.push(read(job, index));
      } catch (cause) {
        this.#alarm = cause instanceof PayloadMissingError ? cause : new PayloadMalformedError(this.#keys.queueName, job.id, cause);
        this.#logger.error('a job cannot be read', { ...toErrorReport(this.#alarm) });
        break;
      }
    }
    return results;
  }

  async #settle(settlings: readonly Settling[]): Promise<void> {
    if (settlings.length === 0) return;
    const requests = settlings.map(({ request }) => request);
    const verdicts: SettleVerdict[] = await this.#commands.settle(requests).catch((error) => this.#forget(error));
    for (const [index, settling] of settlings.entries()) {
      if (verdicts[index] === 'settled') this.#hand.settled(settling);
      else this.#hand.drop(settling);
    }
    const stale = verdicts.indexOf('stale');
    if (stale >= 0) throw new StaleJobError(this.#keys.queueName, requests[stale]!.id);
  }

  async #commit(settlings: readonly Settling[], effects: LaneEffects): Promise<void> {
    const { session, keyPrefix, clock } = this.#options;
    const requests = settlings.map(({ request }) => request);
    const others = { delayed: delayedKeys(keyPrefix), targets: targetsKey(keyPrefix) };
    const verdict = await withLaneNumbers(session, { keyPrefix, clock }, effects, (numbered) =>
      this.#commands
        .commit(requests, toCommitArguments(numbered, this.#options, clock.now()), others)
        .catch((error) => this.#forget(error)),
    );
    if (verdict === 'committed') {
      for (const settling of settlings) this.#hand.settled(settling);
      return;
    }
    const { refused, index } = verdict;
    if (refused === 'guard' || refused === 'pending') throw toGuardError(refused, index, effects);
    this.#progress = undefined;
    throw new StaleJobError(this.#keys.queueName, requests[index]!.id);
  }

  #blocked(forMs: number): LaneTake {
    this.#block(forMs);
    return { jobs: [], blockedForMs: forMs, skipped: { records: 0, jobs: 0 } };
  }

  #block(forMs: number): void {
    this.#blockedUntil = this.#options.clock.monotonic() + forMs;
  }

  /** What a rejected command did is not known, unless Redis refused it as a whole. */
  #forget(error: unknown): never {
    if (!(error instanceof RedisBusyError)) this.#progress = undefined;
    throw error;
  }

  /** Jobs may have been taken that are not in hand. */
  #mustTakeOver(error: unknown): never {
    if (error !== this.#alarm) this.#progress = undefined;
    throw error;
  }

  #disturbed(why: string): LaneDisturbedError {
    this.#progress = undefined;
    return new LaneDisturbedError(this.#keys.queueName, why);
  }
}
