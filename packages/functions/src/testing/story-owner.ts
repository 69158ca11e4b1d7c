import type { SluiceRecord } from '@sluice/core';
import type { Guard, JobSettlement, LaneEffects, LaneJob, LaneReceiver, Operation } from '@sluice/queue';
import { ownLane } from '@sluice/queue/testing';
import type { LaneAddress, RedisSession } from '@sluice/redis';
import type { MutationEffect } from '../answer/effects.ts';
import { mailboxOperations } from '../mailbox/mailbox-operations.ts';
import type { MailboxRow, Parking } from '../mailbox/mailbox-row.ts';
import { loadMailboxes, mailboxBytes, mailboxesGuard, readMailboxes } from '../mailbox/mailboxes.ts';
import { readValues } from '../state/address-values.ts';
import { mutationOperations } from '../state/mutation-operations.ts';
import type { RegisteredStates } from '../state/registered-states.ts';

/** A message in a job of the lane. */
interface Taken {
  readonly job: LaneJob;
  readonly index: number;
  readonly record: SluiceRecord;
}

/** What one address does in a commit. */
export interface Part {
  readonly id: string;
  /** How many messages are processed, from the head of its mailbox where it has one. */
  readonly process: number;
  /** Whether what remains in jobs moves to its mailbox. */
  readonly store: boolean;
  readonly parking: Parking | undefined;
}

/** The function: what it does with the messages of a batch, by its counter. */
export type StoryFunction = (
  id: string,
  count: number,
  batch: readonly SluiceRecord[],
) => { readonly mutations: readonly MutationEffect[]; readonly operations: readonly Operation[] };

/** The owner of a function's lane, reduced to what it must do: take, queue by address, commit. */
export class StoryOwner {
  readonly #session: RedisSession;
  readonly #epoch: number;
  readonly #lane: LaneAddress;
  readonly #receiver: LaneReceiver;
  readonly #remaining = new Map<LaneJob, Set<number>>();
  readonly #queues = new Map<string, Taken[]>();
  #rows = new Map<string, MailboxRow>();
  #guard: Guard;

  static async open(session: RedisSession, lane: LaneAddress): Promise<StoryOwner> {
    const { epoch } = session;
    const receiver = await ownLane(session, lane);
    await receiver.takeOver();
    const owner = new StoryOwner(session, epoch, lane, receiver);
    await owner.reload();
    return owner;
  }

  private constructor(session: RedisSession, epoch: number, lane: LaneAddress, receiver: LaneReceiver) {
    this.#session = session;
    this.#epoch = epoch;
    this.#lane = lane;
    this.#receiver = receiver;
    this.#guard = mailboxesGuard(lane, undefined);
  }

  /** Addresses that have something to do. */
  get ids(): string[] {
    return [...new Set([...this.#queues.keys(), ...this.#rows.keys()])];
  }

  async reload(): Promise<void> {
    const { edits, rows } = await loadMailboxes(this.#session, this.#epoch, this.#lane);
    this.#rows = new Map(rows);
    this.#guard = mailboxesGuard(this.#lane, edits);
  }

  async take(maxJobs: number): Promise<number> {
    const { jobs } = await this.#receiver.take(maxJobs);
    for (const job of jobs) {
      this.#remaining.set(job, new Set(job.indexes));
      for (const [place, record] of job.records.entries()) {
        const queue = this.#queues.get(record.partitionKey) ?? [];
        this.#queues.set(record.partitionKey, [...queue, { job, index: job.indexes[place]!, record }]);
      }
    }
    return jobs.length;
  }

  /** Commits what these addresses do together. */
  async commit(parts: readonly Part[], registered: RegisteredStates, run: StoryFunction): Promise<void> {
    const addresses = parts.map(({ id }) => ({ ...this.#lane, id }));
    const values = await readValues(this.#session, this.#epoch, addresses);
    const stored = await readMailboxes(
      this.#session,
      this.#epoch,
      this.#lane,
      parts.map(({ id, process }) => ({ id, count: Math.max(1, process) })),
    );
    const guards: Guard[] = [this.#guard];
    const operations: Operation[] = [];
    const leaving: Taken[] = [];
    const after: Array<() => void> = [];
    for (const [at, part] of parts.entries()) {
      const { id } = part;
      const queue = this.#queues.get(id) ?? [];
      const row = this.#rows.get(id);
      const popped = row ? stored[at]!.slice(0, part.process) : [];
      const direct = row ? [] : queue.slice(0, part.process);
      const batch = row ? popped.map(({ record }) => record) : direct.map(({ record }) => record);
      if (batch.length > 0) {
        const count = Number(Buffer.from(values[at]!.values.get('count')?.value ?? '0').toString());
        const done = run(id, count, batch);
        const state = mutationOperations({ address: addresses[at]!, values: values[at]!, mutations: done.mutations, registered });
        guards.push(...state.guards);
        operations.push(...done.operations, ...state.operations);
      }
      const moved = row || part.store ? queue.slice(direct.length) : [];
      const gone = popped.reduce((sum, { bytes }) => sum + bytes, 0);
      const records = (row?.records ?? 0) - popped.length + moved.length;
      const bytes = (row?.bytes ?? 0) - gone + moved.reduce((sum, { record }) => sum + mailboxBytes(record), 0);
      const next = records > 0 ? { records, bytes, parking: part.parking } : undefined;
      if (row || moved.length > 0) {
        const pop = { records: popped.length, bytes: gone };
        operations.push(...mailboxOperations(this.#lane, { id, append: moved.map(({ record }) => record), pop, row: next }));
      }
      leaving.push(...direct, ...moved);
      after.push(() => this.#left(id, queue.slice(direct.length + moved.length), next));
    }
    await this.#receiver.settle(this.#settlements(leaving), { guards, operations } satisfies LaneEffects);
    for (const { job, index } of leaving) this.#remaining.get(job)!.delete(index);
    for (const note of after) note();
  }

  #left(id: string, queue: Taken[], row: MailboxRow | undefined): void {
    if (queue.length > 0) this.#queues.set(id, queue);
    else this.#queues.delete(id);
    if (row) this.#rows.set(id, row);
    else this.#rows.delete(id);
  }

  #settlements(leaving: readonly Taken[]): JobSettlement[] {
    const perJob = Map.groupBy(leaving, ({ job }) => job);
    return [...perJob].map(([job, messages]) => {
      const gone = new Set(messages.map(({ index }) => index));
      return { job, remaining: [...this.#remaining.get(job)!].filter((index) => !gone.has(index)), deadLetters: [] };
    });
  }
}
