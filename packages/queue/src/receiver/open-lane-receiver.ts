import { isRetryable, type Logger, sleep, toErrorReport } from '@sluice/core';
import { RedisBusyError } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { packDeadLetter } from '../dead-letters/dead-letter.ts';
import { forwardDeadLetters } from '../dead-letters/forward-dead-letters.ts';
import { LaneDisturbedError, PayloadMalformedError, PayloadMissingError, StaleJobError } from '../errors.ts';
import type { LaneJobData } from '../job-data.ts';
import { type LaneKeys, laneKeys } from '../lanes/lane-names.ts';
import { handedBack, unresolvedOf, withRemaining } from './job-marks.ts';
import { LaneCommands, type LaneStanding, type ReturnAnswer, type ReturnRequest, type TakeAnswer } from './lane-commands.ts';
import { type HeldJob, type LaneJob, openJob, parseJobData } from './lane-job.ts';
import type { HandBackOptions, JobMark, LaneReceiver, LaneReceiverOptions, LaneTake, Rejection, TakeOver } from './lane-receiver.ts';
import { laneWatch } from './lane-watch.ts';
import { LaneProgress } from './replay-filter.ts';

/** Builds the owner's side of a lane; nothing is sent before `takeOver`. */
export const openLaneReceiver = (options: LaneReceiverOptions): LaneReceiver => new Receiver(options);

/** What an operator's `pause` of the queue costs until it is looked at again. */
const PAUSED_BY_HAND_MS = 1_000;

class Receiver implements LaneReceiver {
  readonly #options: LaneReceiverOptions;
  readonly #keys: LaneKeys;
  readonly #commands: LaneCommands;
  readonly #logger: Logger;
  readonly #hand = new Map<string, HeldJob>();
  /** `undefined` while the lane must be taken over. */
  #progress: LaneProgress | undefined;
  #standing: LaneStanding = { waiting: 0, activeIds: [], newestId: 0, clearings: 0 };
  /** Ids up to this one may have gaps: those jobs were acked. */
  #newestAtTakeOver = 0;
  #lastTaken = 0;
  #blockedUntil = 0;
  /** The next job cannot be read. */
  #alarm: Error | undefined;
  /** The last of the calls that run one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LaneReceiverOptions) {
    this.#options = options;
    this.#keys = laneKeys(options);
    this.#commands = new LaneCommands(laneScripts(options.session), this.#keys, options.lease);
    this.#logger = options.logger.child({ target: options.target, lane: options.lane });
  }

  get jobsInHand(): number {
    return this.#hand.size;
  }

  takeOver(): Promise<TakeOver> {
    return this.#alone(async () => {
      const { returned, blockedForMs } = await this.#returnAll({ marks: [], blockForMs: 0, blockedReason: '' });
      await this.#forward();
      return { returned, blockedForMs };
    });
  }

  take(maxJobs: number): Promise<LaneTake> {
    return this.#alone(async () => {
      if (this.#alarm) throw this.#alarm;
      if (!this.#progress) throw this.#disturbed('it was not taken over yet');
      // As it is when the command leaves: an ack sent after it may be answered before its answer is looked at.
      const inHand = [...this.#hand.keys()];
      const answer = await this.#commands.take(maxJobs).catch((error) => this.#forget(error));
      if ('blockedForMs' in answer) return this.#blocked(answer.blockedForMs);
      this.#note(answer, inHand);
      if (answer.taken.length === 0) return this.#blocked(answer.waiting > 0 && maxJobs > 0 ? PAUSED_BY_HAND_MS : 0);
      return await this.#open(answer, this.#progress).catch((error) => this.#mustTakeOver(error));
    });
  }

  async ack(jobs: readonly LaneJob[]): Promise<void> {
    await this.#settle(jobs.map((job) => this.#held(job)));
  }

  handBack(marks: readonly JobMark[], { reason, blockForMs = 0 }: HandBackOptions = {}): Promise<void> {
    return this.#alone(async () => {
      const marked = marks.map((mark) => this.#openOf(mark));
      await this.#settle(marked.filter(({ remaining }) => remaining.length === 0).map(({ held }) => held));
      await this.#returnAll({
        marks: marked
          .filter(({ remaining }) => remaining.length > 0)
          .map(({ held, remaining }) => ({ id: held.job.id, data: handedBack(held.data, remaining, reason) })),
        blockForMs,
        blockedReason: reason?.message ?? '',
      });
    });
  }

  mark(marks: readonly JobMark[]): Promise<void> {
    return this.#alone(async () => {
      const marked = marks.map((mark) => this.#openOf(mark));
      const outcomes = marked.map(async ({ held, remaining }) => {
        await this.#rewrite(held, withRemaining(held.data, remaining), []);
      });
      for (const outcome of await Promise.allSettled(outcomes)) if (outcome.status === 'rejected') throw outcome.reason;
    });
  }

  deadLetter(job: LaneJob, rejections: readonly Rejection[]): Promise<void> {
    return this.#alone(async () => {
      const held = this.#held(job);
      const letters = rejections.map(({ index, reason }) => {
        const record = job.records[job.indexes.indexOf(index)];
        if (!record) throw new RangeError(`expected the index of a record of job ${job.id}, got ${index}`);
        return packDeadLetter({
          target: this.#options.target,
          lane: this.#options.lane,
          id: `${held.data.payload}-${index}`,
          rejectedAtMs: this.#options.clock.now(),
          reason,
          record,
        });
      });
      const rejected = new Set(rejections.map(({ index }) => index));
      const data = withRemaining(
        held.data,
        unresolvedOf(held.data).filter((index) => !rejected.has(index)),
      );
      await this.#rewrite(held, data, letters);
      await this.#forward();
    });
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

  /** Runs calls that change what is in hand one after the other. */
  #alone<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(call, call);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #returnAll(request: ReturnRequest): Promise<ReturnAnswer> {
    this.#hand.clear();
    this.#progress = undefined;
    const answer = await this.#commands.returnAll(request);
    for (const id of answer.vanished) this.#logger.error('an active job does not exist any more', { id });
    if (answer.activeIds.length > 0) throw this.#disturbed(`${answer.activeIds.length} jobs stayed active`);
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
    if (stranger !== undefined) throw this.#disturbed(`job ${stranger} is in nobody's hand`);
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
    for (const held of opened) this.#hand.set(held.job.id, held);
    const done = opened.filter(({ job }) => job.records.length === 0);
    await this.#settle(done);
    const jobs = opened.filter(({ job }) => job.records.length > 0).map(({ job }) => job);
    const skipped = { records: opened.reduce((sum, { replayed }) => sum + replayed, 0), jobs: done.length };
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

  async #settle(helds: readonly HeldJob[]): Promise<void> {
    if (helds.length === 0) return;
    const verdicts = await this.#commands.ack(helds.map(({ job, data, note }) => ({ id: job.id, data, note })));
    for (const { job } of helds) if (this.#hand.get(job.id)?.job === job) this.#hand.delete(job.id);
    const stale = verdicts.indexOf('stale');
    if (stale >= 0) throw this.#stale(helds[stale]!.job.id);
  }

  async #rewrite(held: HeldJob, data: LaneJobData, letters: Parameters<LaneCommands['reject']>[2]): Promise<void> {
    const { id } = held.job;
    const isStored = await this.#commands.reject(id, data, letters).catch((error) => this.#forget(error));
    if (!isStored) throw this.#stale(id);
    held.data = data;
  }

  /** What a mark leaves of a job in hand, given what was marked before. */
  #openOf({ job, remaining }: JobMark): { readonly held: HeldJob; readonly remaining: readonly number[] } {
    const held = this.#held(job);
    const unresolved = new Set(unresolvedOf(held.data));
    const wanted = new Set(remaining);
    return { held, remaining: job.indexes.filter((index) => wanted.has(index) && unresolved.has(index)) };
  }

  async #forward(): Promise<void> {
    const { session, lease, keyPrefix, target } = this.#options;
    try {
      await forwardDeadLetters({ session, epoch: lease.epoch, keyPrefix, target, rejectedKey: this.#keys.rejected });
    } catch (error) {
      if (!isRetryable(error)) throw error;
      // They are safe where they are: the next dead letter or the next owner brings them on.
      this.#logger.warn('could not bring dead letters to their queue yet', { ...toErrorReport(error) });
    }
  }

  #held(job: LaneJob): HeldJob {
    const held = this.#hand.get(job.id);
    if (held?.job !== job) throw this.#stale(job.id);
    return held;
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

  /** Jobs may have been taken that nobody knows of. */
  #mustTakeOver(error: unknown): never {
    if (error !== this.#alarm) this.#progress = undefined;
    throw error;
  }

  #disturbed(why: string): LaneDisturbedError {
    this.#progress = undefined;
    return new LaneDisturbedError(this.#keys.queueName, why);
  }

  #stale = (id: string): StaleJobError => new StaleJobError(this.#keys.queueName, id);
}
