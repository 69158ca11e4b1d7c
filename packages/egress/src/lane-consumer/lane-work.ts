/**
 * The data plane of one lane: takes jobs while the budget has room, gives their records to the writer, and hands back what cannot be
 * finished. The lane consumer's machine says when.
 */
import { type Clock, type SluiceError, sleep, type Weight, type WeightedBudget } from '@sluice/core';
import type { SpentBudget } from '../egress-writer/lane-hold.ts';
import type { RecordWriter } from '../egress-writer/record-writer.ts';
import { type HeldLease, LaneLedger, shareOf } from './lane-ledger.ts';
import type { LaneBlock, LaneJob, LaneReceiver } from './ports.ts';

export interface LaneWorkOptions<Job extends LaneJob> {
  readonly lane: number;
  readonly lease: HeldLease;
  readonly receiver: LaneReceiver<Job>;
  readonly writer: Pick<RecordWriter, 'accept' | 'withdraw' | 'giveUp' | 'flush'>;
  readonly budget: WeightedBudget;
  readonly clock: Clock;
  /** What a job is expected to take; room for one is reserved before it is taken. */
  readonly expectedJob: Weight;
  readonly onSpent: (spent: SpentBudget) => void;
  readonly onDisplaced: () => void;
  readonly onFailure: (error: unknown) => void;
  readonly onRejected: (reason: SluiceError) => void;
  readonly onAckLost: (records: number) => void;
  readonly onSkipped: (records: number) => void;
  /** Jobs that somebody had in hand were put back. */
  readonly onTakenOver: (jobs: number) => void;
  /** Jobs were taken and passed on. */
  readonly onProgress: () => void;
}

/** Jobs asked for in one call. */
const JOBS_A_TAKE = 4;
/** From a drain's start until requests in flight count as unknown. */
const DRAIN_LIMIT_MS = 1_500;
/** Nothing urges a lane that stays with this worker: longer than any request may take. */
const NO_HURRY_MS = 10_000;

export class LaneWork<Job extends LaneJob> {
  readonly #options: LaneWorkOptions<Job>;
  #ledger: LaneLedger<Job>;
  #moving: Promise<void> = Promise.resolve();

  constructor(options: LaneWorkOptions<Job>) {
    this.#options = options;
    this.#ledger = new LaneLedger(options);
  }

  /** Lets go of what is in hand, then makes Redis the truth: everything comes again from the lane. Answers how long the lane still is blocked. */
  async takeOver(): Promise<number> {
    await this.#finishInFlight(NO_HURRY_MS);
    this.#ledger.lose();
    const { returned, blockedForMs } = await this.#options.receiver.takeOver();
    if (returned > 0) this.#options.onTakenOver(returned);
    this.#ledger = new LaneLedger(this.#options);
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
  async handBack({ reason }: SpentBudget, blockForMs: number): Promise<void> {
    await this.#finishInFlight(NO_HURRY_MS);
    await this.#return({ reason, blockForMs });
  }

  /** Puts everything in hand back to the lane, marked and without blame, once what is in flight has ended. */
  async giveBack(): Promise<void> {
    await this.#finishInFlight(NO_HURRY_MS);
    await this.#return({});
  }

  /** Sends what was taken for `graceMs` more, hands back the rest with its marks. Resolves within `graceMs` and about 1.5 s. */
  async drain(graceMs: number): Promise<void> {
    await this.#moving;
    await within(this.#options.clock, graceMs, this.#ledger.whenEmpty());
    await this.#finishInFlight(DRAIN_LIMIT_MS - graceMs);
    await this.#return({});
  }

  /** The lease is lost: nothing more is sent for the lane, and nothing acknowledged. */
  abandon(): void {
    this.#ledger.lose();
    void this.#options.writer.withdraw(this.#ledger);
  }

  async #moveAll(ledger: LaneLedger<Job>, signal: AbortSignal): Promise<never> {
    const { receiver, writer, budget, expectedJob } = this.#options;
    const reserved = { bytes: expectedJob.bytes * JOBS_A_TAKE, records: expectedJob.records * JOBS_A_TAKE };
    while (true) {
      await this.#reserve(reserved, signal);
      let jobs: readonly Job[] = [];
      try {
        const taken = await receiver.take(JOBS_A_TAKE);
        jobs = taken.jobs;
        if (taken.skipped.records > 0) this.#options.onSkipped(taken.skipped.records);
      } finally {
        budget.adjust(reserved, sum(jobs.map(shareOf)));
      }
      if (jobs.length > 0) {
        writer.accept(ledger.admit(jobs));
        this.#options.onProgress();
      }
      signal.throwIfAborted();
      if (jobs.length === 0) await receiver.waitForWork(signal);
    }
  }

  /**
   * Waits for room. An incomplete batch must not keep the room that its other half waits for; but while others only look into their lanes,
   * it is they who are waited for. Whoever of them takes the last room comes here next.
   */
  async #reserve(share: Weight, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { budget, writer } = this.#options;
    if (budget.tryReserve(share)) return;
    if (!budget.mayGetRoom(share)) writer.flush('memory');
    await budget.reserve(share, signal);
  }

  /** Withdraws what waits, and waits for what is in flight; after `limitMs` the outcome of that counts as unknown. */
  async #finishInFlight(limitMs: number): Promise<void> {
    await this.#moving;
    const ledger = this.#ledger;
    ledger.close();
    const { clock, writer } = this.#options;
    if (!(await within(clock, limitMs, writer.withdraw(ledger)))) writer.giveUp(ledger);
    await ledger.settled();
  }

  async #return(block: LaneBlock): Promise<void> {
    const ledger = this.#ledger;
    if (ledger.isLost) return;
    await this.#options.receiver.handBack(ledger.unfinished(), block);
    ledger.abandon();
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

const sum = (shares: readonly Weight[]): Weight =>
  shares.reduce((total, { bytes, records }) => ({ bytes: total.bytes + bytes, records: total.records + records }), {
    bytes: 0,
    records: 0,
  });
