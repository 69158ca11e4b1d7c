import type { ErrorReport, SluiceRecord } from '@sluice/core';
import type { LaneBlock, LaneJob, LaneReceiver, RejectedRecord, UnfinishedJob } from '../lane-consumer/ports.ts';
import { settled } from './held-sink.ts';

interface StoredJob {
  readonly id: string;
  readonly records: readonly SluiceRecord[];
  indexes: readonly number[];
  attempts: number;
  lastReason: ErrorReport | undefined;
}

/** A lane in memory, with what happened to it. `failNext` makes a call fail once. */
export class FakeLane implements LaneReceiver {
  readonly waiting: StoredJob[] = [];
  readonly acked: string[] = [];
  readonly deadLetters: Array<{ readonly text: string; readonly code: string }> = [];
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

  failNext(call: keyof LaneReceiver, error: unknown): void {
    this.#failures.set(call, [...(this.#failures.get(call) ?? []), error]);
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

  async take(maxJobs: number) {
    this.#enter('take');
    const taken = this.waiting.splice(0, maxJobs);
    this.#hand.push(...taken);
    return { jobs: taken.map(toJob), skipped: { records: 0 } };
  }

  async waitForWork(signal: AbortSignal): Promise<void> {
    this.#enter('waitForWork');
    if (this.waiting.length > 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#wake.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async ack(jobs: readonly LaneJob[]): Promise<void> {
    this.#enter('ack');
    await settled();
    for (const { id } of jobs) {
      this.acked.push(id);
      this.#hand = this.#hand.filter((job) => job.id !== id);
    }
  }

  async mark(marks: ReadonlyArray<UnfinishedJob<LaneJob>>): Promise<void> {
    this.#enter('mark');
    for (const { job, remaining } of marks) this.#hand.find(({ id }) => id === job.id)!.indexes = remaining;
  }

  async deadLetter(job: LaneJob, rejected: readonly RejectedRecord[]): Promise<void> {
    this.#enter('deadLetter');
    const stored = this.#hand.find(({ id }) => id === job.id)!;
    for (const { index, reason } of rejected) this.deadLetters.push({ text: textOf(stored.records[index]!), code: reason.code });
  }

  async handBack(marks: ReadonlyArray<UnfinishedJob<LaneJob>>, { reason, blockForMs = 0 }: LaneBlock): Promise<void> {
    this.#enter('handBack');
    for (const { job, remaining } of marks) this.#hand.find(({ id }) => id === job.id)!.indexes = remaining;
    if (reason) for (const job of this.#hand) Object.assign(job, { attempts: job.attempts + 1, lastReason: reason });
    this.#return();
    this.blockedForMs = blockForMs;
  }

  #return(): void {
    this.waiting.unshift(...this.#hand);
    this.#hand = [];
  }

  #enter(call: keyof LaneReceiver): void {
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
  bytes: indexes.length * 100,
  attempts,
});
