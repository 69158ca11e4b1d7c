/**
 * The data plane of one lane of a function: takes jobs while the budget has room and gives their messages to the lane's session, which calls
 * the function. The lane consumer's machine says when.
 */
import type { ActorNode } from '@sluice/actor-kit';
import { type Logger, sleep, type Weight } from '@sluice/core';
import { auditLane, isUnreadable, type LaneNotice, type LaneWork, type SpentBudget, startJobSpan } from '@sluice/lane-consumer';
import type { HandBackOptions, LaneJob, LaneReceiver } from '@sluice/queue';
import type { FunctionLaneEvent, RunningSpan } from '@sluice/telemetry';
import type { FunctionPorts } from './function-ports.ts';
import { weightOf } from './job-account.ts';
import { LaneSession } from './lane-session.ts';
import type { LaneStorage } from './lane-storage.ts';

export interface FunctionLaneWorkOptions {
  readonly lane: number;
  readonly lease: {
    /** By the monotonic clock; 0 or less once lost. */
    remainingMs(): number;
  };
  readonly receiver: Pick<LaneReceiver, 'takeOver' | 'take' | 'waitForWork' | 'settle' | 'handBack'>;
  readonly storage: LaneStorage;
  readonly ports: FunctionPorts;
  /** Whether so much is in hand that what waits behind slow requests should leave it. */
  readonly isTight: () => boolean;
  /** Counts the lane anew. */
  readonly audit: () => Promise<unknown>;
  readonly logger: Logger;
  readonly emit: (event: FunctionLaneEvent) => void;
  /** The lane is worked on from now on, or no more. */
  readonly onHeld: (isHeld: boolean) => void;
}

/** Jobs asked for in one call. */
const JOBS_A_TAKE = 8;
/** What a job is expected to take before any was seen. */
const FIRST_JOB: Weight = { bytes: 64 * 1024, records: 64 };
/** Requests open for longer than this, once the lane is to be given up, count as unanswered. */
const QUIET_LIMIT_MS = 1_400;
const LOOK_EVERY_MS = 250;
/** Every so many looks, it is asked whether an operator has changed a mailbox. */
const LOOKS_A_QUESTION = 4;
/** More jobs in hand are scarce memory: each look of Redis at a lane goes through them. */
const MANY_JOBS = 256;

export class FunctionLaneWork implements LaneWork {
  readonly #options: FunctionLaneWorkOptions;
  #notify: (notice: LaneNotice) => void = () => undefined;
  #session: LaneSession | undefined;
  #moving: Promise<void> = Promise.resolve();
  #expectedJob = FIRST_JOB;
  #isLost = false;

  constructor(options: FunctionLaneWorkOptions) {
    this.#options = options;
  }

  hold(notify: (notice: LaneNotice) => void): () => void {
    this.#notify = notify;
    this.#options.onHeld(true);
    return () => {
      this.#isLost = true;
      this.#options.onHeld(false);
      void this.#session?.end();
    };
  }

  async takeOver(): Promise<number> {
    await this.#moving;
    await this.#session?.end();
    const { lane, receiver, storage, ports, lease, emit } = this.#options;
    const { returned, blockedForMs } = await receiver.takeOver();
    if (returned > 0) emit({ type: 'function.laneTakenOver', lane, jobs: returned });
    const { rows, guard } = await storage.load();
    this.#session = new LaneSession({
      ...{ ...ports, receiver, storage, rows, guard },
      startSpan: this.#startSpan(),
      isHeld: () => !this.#isLost && lease.remainingMs() > 0,
      onFailed: (error) => this.#notify({ type: 'lane.failed', error }),
    });
    return blockedForMs;
  }

  #startSpan(): ((job: LaneJob) => RunningSpan) | undefined {
    const { lane, ports } = this.#options;
    const { tracing, type } = ports;
    return tracing && ((job) => startJobSpan(tracing, job, { target: `${type.namespace}/${type.type}`, lane }));
  }

  move(signal: AbortSignal): Promise<never> {
    const moving = this.#moveAll(this.#session!, signal);
    this.#moving = moving.then(
      () => undefined,
      () => undefined,
    );
    return moving;
  }

  async handBack({ reason, attempts }: SpentBudget, blockForMs: number): Promise<void> {
    const { lane, emit } = this.#options;
    if (isUnreadable(reason)) emit({ type: 'function.payloadMissing', lane, code: reason.code, reason: reason.message });
    emit({ type: 'function.laneBlocked', lane, code: reason.code, reason: reason.message, attempts });
    await this.#return({ reason, blockForMs });
  }

  giveBack(): Promise<void> {
    return this.#return({});
  }

  /** Requests that are open may end; none is started. */
  drain(): Promise<void> {
    return this.#return({});
  }

  audit(signal: AbortSignal): Promise<void> {
    const { audit, ports, logger } = this.#options;
    return auditLane({ audit, clock: ports.clock, random: ports.random, logger }, signal);
  }

  get parked(): number {
    return this.#session?.parked ?? 0;
  }

  /** The addresses in flight. */
  rows(): ActorNode[] {
    return this.#session?.rows() ?? [];
  }

  async #moveAll(session: LaneSession, signal: AbortSignal): Promise<never> {
    session.start();
    const looking = new AbortController();
    const looks = this.#look(session, AbortSignal.any([signal, looking.signal]));
    try {
      while (true) {
        const jobs = await this.#take(signal);
        session.admit(jobs);
        if (jobs.length > 0) this.#notify({ type: 'lane.moved' });
        signal.throwIfAborted();
        if (jobs.length === 0) await this.#options.receiver.waitForWork(signal);
      }
    } finally {
      looking.abort();
      await looks;
    }
  }

  async #take(signal: AbortSignal): Promise<readonly LaneJob[]> {
    const { lane, receiver, ports, emit } = this.#options;
    const { budget } = ports;
    const guess = { bytes: this.#expectedJob.bytes * JOBS_A_TAKE, records: this.#expectedJob.records * JOBS_A_TAKE };
    signal.throwIfAborted();
    await budget.reserve(guess, signal);
    let jobs: readonly LaneJob[] = [];
    try {
      const taken = await receiver.take(JOBS_A_TAKE);
      jobs = taken.jobs;
      if (taken.skipped.records > 0) emit({ type: 'function.replaySkipped', lane, records: taken.skipped.records });
    } finally {
      const weights = jobs.map(weightOf);
      if (weights.length > 0) this.#expectedJob = largest(weights);
      budget.adjust(guess, sum(weights));
    }
    return jobs;
  }

  /** Looks every now and then whether memory is scarce, and whether an operator has changed a mailbox. Never rejects. */
  async #look(session: LaneSession, signal: AbortSignal): Promise<void> {
    const { isTight, ports, logger } = this.#options;
    for (let look = 1; !signal.aborted; look++) {
      await sleep(ports.clock, LOOK_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (isTight() || session.jobsInHand >= MANY_JOBS) session.spill();
      if (look % LOOKS_A_QUESTION > 0) continue;
      const isChanged = await session.isChanged().catch((error: unknown) => {
        logger.debug('mailboxes could not be looked at', { error: String(error) });
        return false;
      });
      if (isChanged && !signal.aborted) this.#notify({ type: 'lane.displaced' });
    }
  }

  async #return(block: HandBackOptions): Promise<void> {
    await this.#moving;
    const session = this.#session;
    if (!session) return;
    await session.quiet(QUIET_LIMIT_MS);
    if (this.#isLost) return;
    await this.#options.receiver.handBack(session.unfinished(), block);
    await session.end();
  }
}

const sum = (weights: readonly Weight[]): Weight =>
  weights.reduce((total, { bytes, records }) => ({ bytes: total.bytes + bytes, records: total.records + records }), {
    bytes: 0,
    records: 0,
  });

const largest = (weights: readonly Weight[]): Weight =>
  weights.reduce((most, { bytes, records }) => ({ bytes: Math.max(most.bytes, bytes), records: Math.max(most.records, records) }));
