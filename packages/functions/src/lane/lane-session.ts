/**
 * The addresses of a lane from one take-over to the next: what waits for each, which are called, and what becomes of them. All of it ends
 * with the session; the next one begins with what is in Redis then.
 */
import type { ActorNode } from '@sluice/actor-kit';
import { type ErrorReport, toErrorReport } from '@sluice/core';
import type { Guard, LaneJob, LaneReceiver, UnfinishedJob } from '@sluice/queue';
import type { RunningSpan } from '@sluice/telemetry';
import type { Slot } from '../function/dispatcher.ts';
import type { MailboxRow } from '../mailbox/mailbox-row.ts';
import type { AddressValues } from '../state/address-values.ts';
import { AddressQueue, type Batch } from './address-queue.ts';
import { type BatchLimits, cutBatch, readAhead } from './batch-limits.ts';
import { LaneClosedError } from './errors.ts';
import { judgeFailure } from './failure-policy.ts';
import type { FunctionPorts } from './function-ports.ts';
import { GroupedReads } from './grouped-reads.ts';
import { isSlow } from './is-slow.ts';
import { JobAccount } from './job-account.ts';
import type { LaneCommit } from './lane-commit.ts';
import { LaneCommitter, type Refusal, reportOf } from './lane-committer.ts';
import type { LaneStorage } from './lane-storage.ts';
import { countOf, type Message } from './messages.ts';
import { ParkedAddresses } from './parked-addresses.ts';

export interface LaneSessionOptions extends FunctionPorts {
  readonly receiver: Pick<LaneReceiver, 'settle'>;
  readonly storage: LaneStorage;
  readonly rows: ReadonlyMap<string, MailboxRow>;
  readonly guard: Guard;
  /** Whether this worker may still work on the lane. */
  readonly isHeld: () => boolean;
  /** Begins the span of a job in hand. */
  readonly startSpan: ((job: LaneJob) => RunningSpan) | undefined;
  /** The session is over: the lane has to be taken over anew. */
  readonly onFailed: (error: unknown) => void;
}

export class LaneSession {
  readonly #options: LaneSessionOptions;
  readonly #addresses = new Map<string, AddressQueue>();
  readonly #accounts = new Set<JobAccount>();
  readonly #committer: LaneCommitter;
  readonly #values: GroupedReads<string, AddressValues>;
  readonly #mailboxes: GroupedReads<{ readonly id: string; readonly records: number }, readonly Message[]>;
  readonly #parked: ParkedAddresses;
  readonly #calls = new AbortController();
  #state: 'open' | 'closing' | 'over' = 'open';
  #calling = 0;
  #whenQuiet: Array<() => void> = [];

  constructor(options: LaneSessionOptions) {
    const { storage, guard, receiver, clock } = options;
    this.#options = options;
    this.#values = new GroupedReads((ids) => this.#orFail(storage.readValues(ids)));
    this.#mailboxes = new GroupedReads((requests) => this.#orFail(storage.readMailboxes(requests)));
    this.#parked = new ParkedAddresses(clock, (address) => this.#makeReady(address));
    this.#committer = new LaneCommitter({
      ...{ receiver, storage, guard },
      onCommitted: (commit) => this.#committed(commit),
      onRefused: (address, refusal) => this.#refused(address, refusal),
      onFailed: (error) => this.#fail(error),
    });
  }

  /** Begins with what is in the mailboxes. */
  start(): void {
    const now = this.#options.clock.now();
    for (const [id, { parking, ...stored }] of this.#options.rows) {
      const address = new AddressQueue(id, stored, parking);
      address.since = parking?.since ?? now;
      this.#addresses.set(id, address);
      if (parking) this.#parked.add(address);
      else this.#advance(address);
    }
  }

  /** Also those that are being tried again. */
  get parked(): number {
    return this.#addresses.values().reduce((sum, { parking }) => sum + (parking ? 1 : 0), 0);
  }

  get jobsInHand(): number {
    return this.#accounts.size;
  }

  /** Takes jobs in hand, in the lane's order. Their weight is in the budget already. */
  admit(jobs: readonly LaneJob[]): void {
    const { clock, budget, startSpan } = this.#options;
    const touched = new Set<AddressQueue>();
    for (const job of jobs) {
      const account = new JobAccount(job, clock.monotonic(), startSpan?.(job));
      if (this.#state === 'over') {
        account.letGo(budget);
        continue;
      }
      this.#accounts.add(account);
      for (const [place, { partitionKey, data, origin }] of job.records.entries()) {
        const address = this.#addressOf(partitionKey);
        address.queue.push({ data, origin, account, place, trace: account.trace });
        touched.add(address);
      }
    }
    for (const address of touched) this.#advance(address);
  }

  /** What a slow request keeps, or waits behind one request after the other, leaves its jobs for the mailbox, so that the jobs can end. */
  spill(): void {
    for (const address of this.#addresses.values()) {
      if (address.isSpilling || !isBusy(address) || !isSlow(address, this.#options.clock)) continue;
      address.isSpilling = true;
      if (address.state === 'calling') this.#advance(address);
    }
  }

  /** Whether an operator has changed a mailbox. Asked only where one may have a reason to. */
  async isChanged(): Promise<boolean> {
    const { storage, guard } = this.#options;
    const isAnyParked = this.#addresses.values().some(({ parking }) => parking !== undefined);
    return isAnyParked && (await storage.isChanged(guard));
  }

  /** Starts nothing more. Resolves once what is open is committed; what takes longer than `limitMs` is given up. */
  async quiet(limitMs: number): Promise<void> {
    if (this.#state === 'open') this.#state = 'closing';
    this.#parked.clear();
    const timer = this.#options.clock.setTimeout(() => this.#giveUp(), limitMs);
    if (this.#calling > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
    await this.#committer.whenIdle();
    this.#options.clock.clearTimeout(timer);
  }

  /** The jobs in hand with what is still in them. Meaningful once the session is quiet. */
  unfinished(): UnfinishedJob[] {
    return [...this.#accounts].map((account) => account.unfinished());
  }

  /** Drops everything in memory. Resolves once no commit is under way. */
  async end(): Promise<void> {
    if (this.#state !== 'over') {
      this.#state = 'over';
      this.#parked.clear();
      this.#giveUp();
      for (const account of this.#accounts) account.letGo(this.#options.budget);
      this.#accounts.clear();
    }
    await this.#committer.end();
  }

  /** The addresses in flight, for `/actors`. */
  rows(): ActorNode[] {
    return [...this.#addresses.values()].filter(isBusy).map(({ id, state, since }) => ({
      ...{ id, machine: 'address', state, since: new Date(since).toISOString(), children: [] },
    }));
  }

  #addressOf(id: string): AddressQueue {
    const known = this.#addresses.get(id);
    if (known) return known;
    const address = new AddressQueue(id);
    this.#addresses.set(id, address);
    return address;
  }

  /** Does what is next for an address. */
  #advance(address: AddressQueue): void {
    if (this.#state === 'over') return;
    // What an address in a commit has to store is stored with its next one.
    if (address.state !== 'committing' && address.toStore().length > 0) this.#committer.add(address, { type: 'stored' });
    if (address.state !== 'idle') return;
    if (address.hasWork) this.#makeReady(address);
    else this.#addresses.delete(address.id);
  }

  #makeReady(address: AddressQueue): void {
    if (this.#state !== 'open') return;
    address.enter('ready', this.#options.clock.now());
    this.#options.enqueue((slot) => this.#start(address, slot));
  }

  #start(address: AddressQueue, slot: Slot): boolean {
    if (this.#state !== 'open' || !this.#options.isHeld()) return false;
    address.enter('calling', this.#options.clock.now());
    this.#calling++;
    void this.#call(address, slot).finally(() => {
      this.#calling--;
      if (this.#calling === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
    });
    return true;
  }

  async #call(address: AddressQueue, slot: Slot): Promise<void> {
    const { type, clock, invoke, storage, toOperations, report } = this.#options;
    const startedAt = clock.monotonic();
    const target = { ...type, id: address.id };
    let isAnswered = false;
    try {
      // At once where it is in jobs: a commit that moves these messages to the mailbox must find the batch.
      const batch = address.stored.records === 0 ? this.#cutQueue(address) : await this.#readBatch(address);
      address.batch = batch;
      const readValues = (id: string) => this.#values.get(id);
      const { effects, values, trace } = await invoke(target, batch.messages, { readValues, slot, signal: this.#calls.signal });
      isAnswered = true;
      const operations = toOperations(target, effects, trace);
      const mutations = values ? storage.mutate(address.id, effects.mutations, values) : NO_EFFECTS;
      if (this.#calls.signal.aborted) return;
      report({ type: 'invoked', seconds: (clock.monotonic() - startedAt) / 1_000, ...countOf(batch.messages, clock.now(), trace) });
      address.enter('committing', clock.now());
      const applied = { guards: mutations.guards, operations: [...operations, ...mutations.operations], egress: effects.egress };
      this.#committer.add(address, { type: 'applied', ...applied });
    } catch (error) {
      if (this.#calls.signal.aborted) return;
      this.#failed(address, toErrorReport(error), this.#options.isTransient(error));
    } finally {
      slot.release(isAnswered);
    }
  }

  readonly #cutQueue = (address: AddressQueue): Batch => ({ messages: cutBatch(address.queue, this.#limitsOf(address)), isStored: false });

  async #readBatch(address: AddressQueue): Promise<Batch> {
    const limits = this.#limitsOf(address);
    const stored = await this.#mailboxes.get({ id: address.id, records: readAhead(address.stored, limits) });
    return { messages: cutBatch(stored, limits), isStored: true };
  }

  #limitsOf({ alone }: AddressQueue): BatchLimits {
    return alone > 0 ? { ...this.#options.limits, maxMessages: 1 } : this.#options.limits;
  }

  #failed(address: AddressQueue, reason: ErrorReport, isTransient: boolean): void {
    const { onFailure, clock, random, report } = this.#options;
    const messages = address.batch?.messages.length ?? 0;
    const verdict = judgeFailure(onFailure, { reason, isTransient, messages, parking: address.parking }, clock.now(), random());
    report({ type: 'failed', verdict: verdict.type, id: address.id, reason });
    if (verdict.type === 'tryAlone') {
      address.alone = messages;
      this.#again(address);
      return;
    }
    address.enter('committing', clock.now());
    this.#committer.add(address, verdict.type === 'park' ? { type: 'parked', parking: verdict.parking } : { type: 'rejected', reason });
  }

  #refused(address: AddressQueue, refusal: Refusal): void {
    if (refusal.type === 'state') this.#again(address);
    else this.#failed(address, reportOf(refusal), refusal.type === 'token');
  }

  #again(address: AddressQueue): void {
    address.batch = undefined;
    address.enter('idle', this.#options.clock.now());
    this.#advance(address);
  }

  #committed({ changes, leaving }: LaneCommit): void {
    const { clock, budget, report, onEgress } = this.#options;
    for (const account of leaving.keys()) {
      if (account.isFinished && this.#accounts.delete(account)) account.letGo(budget);
    }
    for (const { address, outcome } of changes) {
      if (outcome.type === 'applied' && outcome.egress.length > 0) onEgress(outcome.egress);
      if (outcome.type === 'rejected') report({ type: 'rejected', reason: outcome.reason });
      if (outcome.type === 'parked') {
        address.enter('parked', clock.now());
        if (this.#state === 'open') this.#parked.add(address);
      }
      if (outcome.type === 'applied' || outcome.type === 'rejected') {
        address.alone = Math.max(0, address.alone - 1);
        address.enter('idle', clock.now());
      }
      this.#advance(address);
    }
  }

  async #orFail<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    if (this.#state === 'over') return;
    void this.end();
    this.#options.onFailed(error);
  }

  /** Nobody waits for what is open any more. */
  #giveUp(): void {
    this.#calls.abort(new LaneClosedError());
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }
}

const NO_EFFECTS = { guards: [], operations: [] };

const isBusy = ({ state }: AddressQueue): boolean => state === 'calling' || state === 'committing';
