import type { ErrorReport, SluiceRecord, Weight } from '@sluice/core';
import type { HandBackOptions, JobSettlement, LaneEffects, LaneJob, LaneReceiver, UnfinishedJob } from '@sluice/queue';
import { StaleJobError } from '@sluice/queue';
import { MemoryEffects } from '@sluice/queue/testing';
import { settled } from './held-sink.ts';

interface StoredJob {
  readonly id: string;
  readonly records: readonly SluiceRecord[];
  indexes: readonly number[];
  attempts: number;
  lastReason: ErrorReport | undefined;
}

/** Of a job, for each of its records. */
const RECORD_BYTES = 100;

type Calls = Omit<LaneReceiver, 'ack' | 'mark' | 'deadLetter'>;

/** A lane in memory, with what happened to it. `failNext` makes a call fail once. */
export class FakeLane implements Calls {
  readonly waiting: StoredJob[] = [];
  readonly completed: string[] = [];
  readonly deadLetters: Array<{ readonly text: string; readonly code: string }> = [];
  readonly effects = new MemoryEffects();
  readonly calls: string[] = [];
  blockedForMs = 0;
  #hand: StoredJob[] = [];
  readonly #failures = new Map<string, unknown[]>();
  #wake: Array<() => void> = [];

  /** Adds a job of one record a text; the key of `a1` is `a`. */
  add(id: string, ...texts: string[]): void {
    const records = texts.map(recordOf);
    this.waiting.push({ id, records, indexes: records.map((_, index) => index), attempts: 0, lastReason: undefined });
    for (const wake of this.#wake.splice(0)) wake();
  }

  failNext(call: keyof Calls, error: unknown): void {
    this.#failures.set(call, [...(this.#failures.get(call) ?? []), error]);
  }

  get jobsInHand(): number {
    return this.#hand.length;
  }

  get inHand(): string[] {
    return this.#hand.map(({ id }) => id);
  }

  async takeOver() {
    this.#enter('takeOver');
    const returned = this.#hand.length;
    this.#return();
    return { returned, blockedForMs: this.blockedForMs };
  }

  async take(maxJobs: number, { bytes, records }: Weight = { bytes: Number.POSITIVE_INFINITY, records: Number.POSITIVE_INFINITY }) {
    this.#enter('take');
    const taken: StoredJob[] = [];
    for (let held = 0; taken.length < maxJobs && held <= records && held * RECORD_BYTES <= bytes && this.waiting.length > 0; ) {
      const job = this.waiting.shift()!;
      taken.push(job);
      held += job.indexes.length;
    }
    this.#hand.push(...taken);
    return { jobs: taken.map(toJob), blockedForMs: 0, skipped: { records: 0, jobs: 0 } };
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    this.#enter('waitForWork');
    if (this.waiting.length > 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#wake.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async settle(settlements: readonly JobSettlement[], effects?: LaneEffects): Promise<void> {
    this.#enter('settle');
    await settled();
    if (effects) this.#apply(effects, settlements);
    for (const { job, remaining, deadLetters } of settlements) {
      const stored = this.#storedOf(job);
      for (const { index, reason } of deadLetters) this.deadLetters.push({ text: textOf(stored.records[index]!), code: reason.code });
      stored.indexes = remaining;
      if (remaining.length === 0) this.#complete(stored);
    }
  }

  async handBack(unfinished: readonly UnfinishedJob[], { reason, blockForMs = 0 }: HandBackOptions = {}): Promise<void> {
    this.#enter('handBack');
    for (const { job, remaining } of unfinished) {
      const stored = this.#storedOf(job);
      stored.indexes = remaining;
      if (remaining.length === 0) this.#complete(stored);
      else if (reason) Object.assign(stored, { attempts: stored.attempts + 1, lastReason: reason });
    }
    this.#return();
    this.blockedForMs = blockForMs;
  }

  #apply(effects: LaneEffects, settlements: readonly JobSettlement[]): void {
    const stale = settlements.find(({ job }) => !this.inHand.includes(job.id));
    if (stale) throw new StaleJobError('fake lane', stale.job.id);
    this.effects.check(effects);
    this.effects.apply(effects);
  }

  #storedOf({ id }: LaneJob): StoredJob {
    return this.#hand.find((job) => job.id === id)!;
  }

  #complete(stored: StoredJob): void {
    this.completed.push(stored.id);
    this.#hand = this.#hand.filter((one) => one !== stored);
  }

  #return(): void {
    this.waiting.unshift(...this.#hand);
    this.#hand = [];
  }

  #enter(call: keyof Calls): void {
    this.calls.push(call);
    const error = this.#failures.get(call)?.shift();
    if (error) throw error;
  }
}

export const recordOf = (text: string): SluiceRecord => ({ partitionKey: text.replace(/\d+$/, ''), data: Buffer.from(text), metadata: {} });

export const textOf = ({ data }: SluiceRecord): string => Buffer.from(data).toString();

const toJob = ({ id, records, indexes, attempts }: StoredJob): LaneJob => ({
  id,
  records: indexes.map((index) => records[index]!),
  indexes,
  bytes: indexes.length * RECORD_BYTES,
  attempts,
  enqueuedAtMs: 0,
});
