/**
 * Holds a worker's share of a group's leases.
 *
 * Each second, in one round trip, it says that the worker lives and renews what it holds; then it looks at who holds what, claims what
 * is the worker's to claim and recalls what is too much. A notice, an expiry that is due and a new connection make it look at once.
 * What it says of leases it says in events; whether a lease is still held is asked of the lease itself, at each use.
 */
import { type Clock, isRetryable, type Logger } from '@sluice/core';
import { HeldLease, instantOf, type Lease, type LeaseLossReason } from '../lease.ts';
import type { LeaseStore } from '../lease-store.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import { planLeases } from '../plan/plan-leases.ts';
import { FreeRows } from './free-rows.ts';
import { SingleFlight } from './single-flight.ts';
import { Ticker } from './ticker.ts';
import { toPlannedRows } from './to-planned-rows.ts';

export type LeaseEvent =
  | { readonly type: 'lease.claimed'; readonly lease: Lease }
  /** Another worker shall have it: finish what is in hand, then release it to that successor. */
  | { readonly type: 'lease.recalled'; readonly lease: Lease; readonly successor: string }
  | { readonly type: 'lease.lost'; readonly lease: Lease; readonly reason: LeaseLossReason }
  | { readonly type: 'members.changed'; readonly members: readonly string[] }
  /** Something that waiting does not cure. The keeper goes on; its worker should stop. */
  | { readonly type: 'keeper.failed'; readonly error: unknown };

export interface LeaseKeeperOptions {
  readonly store: LeaseStore;
  /** Key of the group whose workers share the resources out. */
  readonly group: string;
  readonly worker: string;
  /** Asked each time: what there is to lease now. */
  resources(): Promise<readonly LeaseResource[]>;
  emit(event: LeaseEvent): void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** @default 5000 */
  readonly ttlMs?: number;
  /** @default 1000 */
  readonly intervalMs?: number;
  /** How long the members must have been the same before anything is recalled, milliseconds. @default 1000 */
  readonly settleMs?: number;
}

export interface LeaseKeeper extends AsyncDisposable {
  /** What is held now. */
  readonly leases: readonly Lease[];
  readonly members: readonly string[];
  start(): void;
  /**
   * Gives a lease back, for the successor where one is named. For `cooldownMs` this worker does not claim it again.
   * Lost to its holder from this call on; should the store not hear of it, it expires.
   */
  release(lease: Lease, options?: { readonly successor?: string; readonly cooldownMs?: number }): Promise<void>;
  /** Claims nothing more and leaves the group, but goes on renewing what is held. For a worker that is about to stop. */
  retire(): Promise<void>;
  /** Retires, releases what is still held and stops. */
  stop(): Promise<void>;
}

export const DEFAULT_LEASE_TTL_MS = 5_000;
export const DEFAULT_LEASE_INTERVAL_MS = 1_000;

/** Builds a keeper; nothing happens before `start`. */
export const createLeaseKeeper = (options: LeaseKeeperOptions): LeaseKeeper => new Keeper(options);

class Keeper implements LeaseKeeper {
  members: readonly string[] = [];
  readonly #options: LeaseKeeperOptions;
  readonly #ttlMs: number;
  readonly #settleMs: number;
  readonly #held = new Map<string, HeldLease>();
  /** Recalled and not yet released: key to successor. */
  readonly #recalled = new Map<string, string>();
  /** Released since the last survey was asked for, whose answer may still call them ours. */
  #released = new Set<string>();
  readonly #cooldowns = new Map<string, number>();
  readonly #freeRows: FreeRows;
  readonly #ticker: Ticker;
  readonly #sharing: SingleFlight;
  #membersSince = 0;
  #isRetired = false;
  #stopListening: (() => void)[] = [];

  constructor(options: LeaseKeeperOptions) {
    const { clock, ttlMs = DEFAULT_LEASE_TTL_MS, intervalMs = DEFAULT_LEASE_INTERVAL_MS, settleMs = 1_000 } = options;
    this.#options = options;
    this.#ttlMs = ttlMs;
    this.#settleMs = settleMs;
    this.#freeRows = new FreeRows(2 * intervalMs);
    this.#ticker = new Ticker(clock, intervalMs, () => this.#look());
    this.#sharing = new SingleFlight(() => this.#attempt(() => this.#share()));
  }

  get leases(): readonly Lease[] {
    return [...this.#held.values()];
  }

  start(): void {
    const { store, group } = this.#options;
    this.#stopListening = [store.onLost(() => this.#sweep()), store.onReady(() => this.#ticker.wake())];
    store
      .onNotice(group, () => this.#ticker.wake())
      .then(
        (stop) => this.#stopListening.push(stop),
        (error) => this.#note(error),
      );
    this.#ticker.start();
  }

  async release(lease: Lease, { successor, cooldownMs }: { successor?: string; cooldownMs?: number } = {}): Promise<void> {
    const { store, group, clock } = this.#options;
    const { key, token, epoch } = lease;
    if (this.#held.get(key) !== lease) return;
    this.#released.add(key);
    if (cooldownMs) this.#cooldowns.set(key, clock.monotonic() + cooldownMs);
    this.#drop(lease as HeldLease, 'released');
    try {
      await store.release({ epoch, group, key, token, ...(successor !== undefined && { successor }) });
    } catch (error) {
      this.#note(error);
    } finally {
      this.#released.add(key);
    }
  }

  async retire(): Promise<void> {
    const { store, group, worker } = this.#options;
    this.#isRetired = true;
    await store.leave(store.epoch, group, worker).catch((error) => this.#note(error));
  }

  async stop(): Promise<void> {
    await this.retire();
    await Promise.all(this.leases.map((lease) => this.release(lease)));
    await Promise.all([this.#ticker.stop(), this.#sharing.stop()]);
    // A claim that was under way while we stopped.
    await Promise.all(this.leases.map((lease) => this.release(lease)));
    for (const stop of this.#stopListening) stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** The sharing has its own pace: a slow catalogue must not keep leases from being renewed. */
  async #look(): Promise<void> {
    this.#sweep();
    if (!this.#options.store.isReady) return;
    await this.#attempt(() => this.#pulse());
    this.#sweep();
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#note(error);
    }
  }

  async #pulse(): Promise<void> {
    const { store, group, worker, clock } = this.#options;
    const held = [...this.#held.values()];
    const sentAt = instantOf(clock);
    const { members, renewed } = await store.pulse({
      epoch: store.epoch,
      group,
      worker,
      ttlMs: this.#ttlMs,
      isMember: !this.#isRetired,
      held,
    });
    held.forEach((lease, index) => {
      if (renewed[index]) lease.renew(sentAt);
      else if (this.#held.get(lease.key) === lease) this.#drop(lease, 'stolen');
    });
    if (members.join() !== this.members.join()) {
      this.members = members;
      this.#membersSince = clock.monotonic();
      this.#options.emit({ type: 'members.changed', members });
    }
    if (!this.#isRetired) this.#sharing.run();
  }

  async #share(): Promise<void> {
    const { store, worker, clock } = this.#options;
    const resources = await this.#options.resources();
    this.#released = new Set();
    const surveyed = await store.survey(
      store.epoch,
      resources.map(({ key }) => key),
    );
    const now = clock.monotonic();
    const rows = toPlannedRows(resources, surveyed).map((row) => ({ ...row, worker: this.#recalled.get(row.key) ?? row.worker }));
    const overdue = this.#freeRows.overdue(rows, now);
    const { claim, release } = planLeases(
      rows.map((row) => ({ ...row, isOverdue: overdue.has(row.key) })),
      this.members,
      worker,
    );
    // Ours in the store but not in hand: reserved for us, or claimed under a connection that is gone.
    const unheld = rows.filter(({ key, worker: holder }) => holder === worker && !this.#held.has(key)).map(({ key }) => key);
    const byKey = new Map(resources.map((resource) => [resource.key, resource]));
    const wanted = [...claim, ...unheld].filter((key) => !this.#released.has(key) && (this.#cooldowns.get(key) ?? 0) <= now);
    await Promise.all(wanted.map((key) => this.#claim(byKey.get(key)!)));
    if (now - this.#membersSince >= this.#settleMs) for (const { key, successor } of release) this.#recall(key, successor);
    const others = surveyed.filter((row) => row.remainingMs > 0 && row.worker !== worker);
    this.#ticker.wakeAfter(Math.min(...others.map(({ remainingMs }) => remainingMs)) + 1);
  }

  async #claim({ key, after, mustExist }: LeaseResource): Promise<void> {
    const { store, worker, clock, emit } = this.#options;
    const { epoch } = store;
    const ttlMs = this.#ttlMs;
    const sentAt = instantOf(clock);
    const answer = await store.claim({ epoch, key, worker, ttlMs, after, mustExist });
    if (answer.outcome !== 'claimed') return;
    const { token, facts } = answer;
    const lease = new HeldLease({ key, token, facts, epoch, ttlMs, clock, sentAt, currentEpoch: () => store.epoch });
    this.#held.set(key, lease);
    if (this.#isRetired) await this.release(lease);
    else emit({ type: 'lease.claimed', lease });
  }

  #recall(key: string, successor: string): void {
    const lease = this.#held.get(key);
    if (!lease) return;
    this.#recalled.set(key, successor);
    this.#options.emit({ type: 'lease.recalled', lease, successor });
  }

  #sweep(): void {
    for (const lease of [...this.#held.values()]) if (lease.lostBecause) this.#drop(lease, lease.lostBecause);
  }

  #drop(lease: HeldLease, reason: LeaseLossReason): void {
    lease.lose(reason);
    this.#held.delete(lease.key);
    this.#recalled.delete(lease.key);
    this.#options.emit({ type: 'lease.lost', lease, reason: lease.lostBecause ?? reason });
  }

  #note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (isRetryable(error))
      return this.#options.logger.debug('leases could not be looked after', { group: this.#options.group, reason: message });
    this.#options.logger.error('leases could not be looked after', { group: this.#options.group, reason: message });
    this.#options.emit({ type: 'keeper.failed', error });
  }
}
