/**
 * The data plane of one lane: takes jobs while the budget has room, gives their records to the writer, and hands back what cannot be
 * finished. The lane consumer's machine says when.
 */
import { type Clock, type Logger, RECORD_OVERHEAD_BYTES, sleep, type Weight, type WeightedBudget } from '@sluice/core';
import { auditLane, isUnreadable, type LaneNotice, type LaneWork, type SpentBudget } from '@sluice/lane-consumer';
import type { HandBackOptions, LaneJob, LaneReceiver } from '@sluice/queue';
import type { LaneEvent, Tracing } from '@sluice/telemetry';
import type { LaneWriter } from '../egress/lane-writer.ts';
import { weightOf } from './job-in-hand.ts';
import { type HeldLease, LaneLedger } from './lane-ledger.ts';

export interface EgressLaneWorkOptions {
  readonly target: string;
  readonly lane: number;
  readonly lease: HeldLease;
  readonly receiver: Pick<LaneReceiver, 'takeOver' | 'take' | 'waitForWork' | 'settle' | 'handBack'>;
  readonly writer: Pick<LaneWriter, 'accept' | 'withdraw' | 'giveUp' | 'flush'>;
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** What a job is expected to take; room for one is reserved before it is taken. */
  readonly expectedJob: Weight;
  /** Counts the lane anew. */
  readonly audit: () => Promise<unknown>;
  readonly tracing?: Tracing | undefined;
  readonly emit: (event: LaneEvent) => void;
}

/** Room is reserved for so many jobs as large as they are made, before some are taken. */
const FULL_JOBS_A_TAKE = 4;
/** Of smaller ones more come in one call, which costs as much as many of them. */
const JOBS_A_TAKE = 32;
/** From a drain's start until requests in flight count as unknown. */
const DRAIN_LIMIT_MS = 1_500;

export class EgressLaneWork implements LaneWork {
  readonly #options: EgressLaneWorkOptions;
  #notify: (notice: LaneNotice) => void = () => undefined;
  #ledger: LaneLedger;
  #moving: Promise<void> = Promise.resolve();

  constructor(options: EgressLaneWorkOptions) {
    this.#options = options;
    this.#ledger = this.#newLedger();
  }

  /** Says from now on what the lane's consumer must answer. Answers the way to stop: nothing more is sent for the lane, nothing stored. */
  hold(notify: (notice: LaneNotice) => void): () => void {
    this.#notify = notify;
    return () => {
      this.#ledger.lose();
      void this.#options.writer.withdraw(this.#ledger);
    };
  }

  /** Lets go of what is in hand, then takes everything from Redis anew. Answers how long the lane still is blocked. */
  async takeOver(): Promise<number> {
    await this.#finishInFlight();
    this.#ledger.lose();
    const { lane, receiver, emit } = this.#options;
    const { returned, blockedForMs } = await receiver.takeOver();
    if (returned > 0) emit({ type: 'lane.takenOver', lane, jobs: returned });
    this.#ledger = this.#newLedger();
    return blockedForMs;
  }

  /** Takes and passes on jobs until the signal is aborted. Never resolves; rejects with the signal's reason or what went wrong. */
  move(signal: AbortSignal): Promise<never> {
    const moving = this.#moveAll(this.#ledger, signal);
    this.#moving = moving.then(
      () => undefined,
      () => undefined,
    );
    return moving;
  }

  /** Puts everything in hand back to the lane and blocks it, once what is in flight has ended. */
  async handBack({ reason, attempts }: SpentBudget, blockForMs: number): Promise<void> {
    const { lane, emit } = this.#options;
    if (isUnreadable(reason)) emit({ type: 'payload.missing', lane, code: reason.code, reason: reason.message });
    emit({ type: 'lane.blocked', lane, code: reason.code, reason: reason.message, attempts });
    await this.#finishInFlight();
    await this.#return({ reason, blockForMs });
  }

  /** Puts everything in hand back to the lane, without blame, once what is in flight has ended. */
  async giveBack(): Promise<void> {
    await this.#finishInFlight();
    await this.#return({});
  }

  /** Sends what was taken for `graceMs` more, then hands back the rest. Resolves within `graceMs` and about 1.5 s. */
  async drain(graceMs: number): Promise<void> {
    if (graceMs > 0) this.#options.writer.flush('shutdown');
    await this.#moving;
    await within(this.#options.clock, graceMs, this.#ledger.whenEmpty());
    await this.#finishInFlight(DRAIN_LIMIT_MS - graceMs);
    await this.#return({});
  }

  /** Has the lane counted anew every now and then until the signal is aborted. */
  audit(signal: AbortSignal): Promise<void> {
    return auditLane(this.#options, signal);
  }

  #newLedger(): LaneLedger {
    return new LaneLedger({ ...this.#options, notify: (notice) => this.#notify(notice) });
  }

  async #moveAll(ledger: LaneLedger, signal: AbortSignal): Promise<never> {
    const { writer, receiver } = this.#options;
    while (true) {
      const jobs = await this.#take(signal);
      if (jobs.length > 0) {
        writer.accept(ledger.admit(jobs));
        this.#notify({ type: 'lane.moved' });
      }
      signal.throwIfAborted();
      if (jobs.length === 0) await receiver.waitForWork(signal);
    }
  }

  async #take(signal: AbortSignal): Promise<readonly LaneJob[]> {
    const { lane, receiver, budget, expectedJob, emit } = this.#options;
    const guess = times(FULL_JOBS_A_TAKE, expectedJob);
    // In bytes of payload alone; the last job comes on top of it.
    const { bytes, records } = times(FULL_JOBS_A_TAKE - 1, expectedJob);
    const enough = { bytes: bytes - records * RECORD_OVERHEAD_BYTES, records };
    await this.#reserve(guess, signal);
    let jobs: readonly LaneJob[] = [];
    try {
      const taken = await receiver.take(JOBS_A_TAKE, enough);
      jobs = taken.jobs;
      if (taken.skipped.records > 0) emit({ type: 'replay.skipped', lane, records: taken.skipped.records });
    } finally {
      budget.adjust(guess, sum(jobs.map(weightOf)));
    }
    return jobs;
  }

  /**
   * Waits for room. An incomplete batch must not keep the room that its other half waits for; but while other lanes only look for jobs,
   * it is they that are waited for. The lane that takes the last room comes here next.
   */
  async #reserve(weight: Weight, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { budget, writer } = this.#options;
    if (budget.tryReserve(weight)) return;
    if (!budget.mayGetRoom(weight)) writer.flush('memory');
    await budget.reserve(weight, signal);
  }

  /** Withdraws what waits, and waits for what is in flight; after `limitMs`, where there is a limit, the outcome of that counts as unknown. */
  async #finishInFlight(limitMs?: number): Promise<void> {
    await this.#moving;
    const ledger = this.#ledger;
    ledger.close();
    const { clock, writer } = this.#options;
    const quiet = writer.withdraw(ledger);
    if (limitMs === undefined) await quiet;
    else if (!(await within(clock, limitMs, quiet))) writer.giveUp(ledger);
    await ledger.settled();
  }

  async #return(block: HandBackOptions): Promise<void> {
    const ledger = this.#ledger;
    if (ledger.isOver) return;
    await this.#options.receiver.handBack(ledger.unfinished(), block);
    ledger.return();
  }
}

/** Whether the work ended within `limitMs`. */
async function within(clock: Clock, limitMs: number, work: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const ended = await Promise.race([
    work.then(() => true),
    sleep(clock, limitMs, timer.signal).then(
      () => false,
      () => false,
    ),
  ]);
  timer.abort();
  return ended;
}

const times = (count: number, { bytes, records }: Weight): Weight => ({ bytes: bytes * count, records: records * count });

const sum = (weights: readonly Weight[]): Weight =>
  weights.reduce((total, { bytes, records }) => ({ bytes: total.bytes + bytes, records: total.records + records }), {
    bytes: 0,
    records: 0,
  });
