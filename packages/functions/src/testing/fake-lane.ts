import type { RecordOrigin, SluiceRecord } from '@sluice/core';
import { decodeInvocation, wrapIngressRecord } from '@sluice/function-protocol';
import type { HandBackOptions, JobSettlement, LaneEffects, LaneJob, LaneReceiver, UnfinishedJob } from '@sluice/queue';
import { StaleJobError } from '@sluice/queue';
import { MemoryEffects } from '@sluice/queue/testing';

interface StoredJob {
  readonly id: string;
  readonly records: readonly SluiceRecord[];
  indexes: readonly number[];
}

/** A lane of a function in memory: its jobs, and everything that commits apply. */
export class FakeLane implements Pick<LaneReceiver, 'takeOver' | 'take' | 'waitForWork' | 'settle' | 'handBack'> {
  readonly effects = new MemoryEffects();
  readonly deadLetters: Array<{ readonly text: string; readonly code: string }> = [];
  /** How many addresses' settlements and operations each commit held. */
  readonly commits: Array<{ readonly jobs: number; readonly operations: number }> = [];
  /** Commits wait until it is released. */
  gate: Promise<void> = Promise.resolve();
  blockedForMs = 0;
  #waiting: StoredJob[] = [];
  #hand: StoredJob[] = [];
  #nextId = 1;
  #failures: unknown[] = [];
  #wake: Array<() => void> = [];

  /** Adds a job with a message for each text: `a1` is for the address `a`. */
  add(...texts: readonly string[]): void {
    const records = texts.map((text) => recordOf(text));
    this.#waiting.push({ id: String(this.#nextId++), records, indexes: [...records.keys()] });
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** The next commit fails so, with nothing applied. */
  failNext(error: unknown): void {
    this.#failures.push(error);
  }

  /** The texts that are in the lane's jobs, in hand or not, in order. */
  get left(): string[] {
    return [...this.#hand, ...this.#waiting].flatMap(({ records, indexes }) => indexes.map((index) => textOf(records[index]!.data)));
  }

  get jobsInHand(): number {
    return this.#hand.length;
  }

  async takeOver() {
    const returned = this.#hand.length;
    this.#return();
    return { returned, blockedForMs: this.blockedForMs };
  }

  async take(maxJobs: number) {
    const taken = this.#waiting.splice(0, maxJobs);
    this.#hand.push(...taken);
    return { jobs: taken.map(toJob), blockedForMs: 0, skipped: { records: 0, jobs: 0 } };
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#wake.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async settle(settlements: readonly JobSettlement[], effects: LaneEffects = { guards: [], operations: [] }): Promise<void> {
    await this.gate;
    const failure = this.#failures.shift();
    if (failure) throw failure;
    this.effects.check(effects);
    for (const { job } of settlements) this.#storedOf(job);
    this.commits.push({ jobs: settlements.length, operations: effects.operations.length });
    this.effects.apply(effects);
    for (const { job, remaining, deadLetters } of settlements) {
      const stored = this.#storedOf(job);
      for (const { index, reason } of deadLetters) {
        this.deadLetters.push({ text: textOf(stored.records[index]!.data), code: reason.code });
      }
      stored.indexes = remaining;
      if (remaining.length === 0) this.#hand = this.#hand.filter((one) => one !== stored);
    }
  }

  async handBack(unfinished: readonly UnfinishedJob[], { blockForMs = 0 }: HandBackOptions = {}): Promise<void> {
    for (const { job, remaining } of unfinished) this.#storedOf(job).indexes = remaining;
    this.#hand = this.#hand.filter(({ indexes }) => indexes.length > 0);
    this.#return();
    this.blockedForMs = blockForMs;
  }

  #storedOf({ id }: LaneJob): StoredJob {
    const stored = this.#hand.find((job) => job.id === id);
    if (!stored) throw new StaleJobError('fake lane', id);
    return stored;
  }

  #return(): void {
    this.#waiting.unshift(...this.#hand);
    this.#hand = [];
  }
}

const recordOf = (text: string): SluiceRecord => ({
  ...{ partitionKey: text.replace(/\d+$/, ''), data: wrapIngressRecord('t/text', Buffer.from(text)), metadata: {}, origin: originOf(text) },
});

const originOf = (text: string): RecordOrigin => ({
  ...{ stream: 's', shardId: 'shardId-000000000000', arrivalTimeMs: 1_700_000_000_000 },
  sequenceNumber: text.replace(/^\D+/, '') || '0',
  subSequenceNumber: 0,
});

/** What a message says. */
export const textOf = (invocation: Uint8Array): string => Buffer.from(decodeInvocation(invocation).argument.value).toString();

const toJob = ({ id, records, indexes }: StoredJob): LaneJob => ({
  ...{ id, indexes, attempts: 0, enqueuedAtMs: 0, bytes: indexes.length * 100 },
  records: indexes.map((index) => records[index]!),
});
