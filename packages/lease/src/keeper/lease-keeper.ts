/**
 * Holds a worker's share of a group's leases.
 *
 * Each second, in one round trip, it reports that the worker lives and renews what it holds. When something has changed, and now and then,
 * it surveys who holds what, claims what is the worker's to claim and recalls what is too much. A notice, an expiry and a new connection
 * make it do both at once.
 * While an operator pauses the group it claims nothing and recalls all that it holds.
 * It reports what it does in events; whether a lease is still held is asked of the lease itself, at each use.
 */
import { type Clock, isRetryable, type Logger } from '@sluice/core';
import type { Lease, LeaseLossReason } from '../lease.ts';
import type { LeaseStore } from '../lease-store.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import { planLeases } from '../plan/plan-leases.ts';
import { ClaimPace } from './claim-pace.ts';
import { FreeRows } from './free-rows.ts';
import { HeldLeases } from './held-leases.ts';
import type { LeaseEvent } from './lease-event.ts';
import { LoadBalance } from './load-balance.ts';
import { SingleFlight } from './single-flight.ts';
import { SurveySchedule, untilNextExpiry } from './survey-schedule.ts';
import { Ticker } from './ticker.ts';
import { toPlannedRows } from './to-planned-rows.ts';

export interface LeaseKeeperOptions {
  readonly store: LeaseStore;
  /** Key of the group whose workers share the resources out. */
  readonly group: string;
  readonly worker: string;
  /** Asked before each survey, and with `recallsUnlisted` after each renewal: what there is to lease now. */
  resources(): Promise<readonly LeaseResource[]>;
  emit(event: LeaseEvent): void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** @default 5000 */
  readonly ttlMs?: number;
  /** @default 1000 */
  readonly intervalMs?: number;
  /** How many more leases the worker has room for now; as many as are its share where absent. */
  readonly room?: () => number;
  /** What a lease gives the worker to do, where loads are to be evened out; `undefined` while that is not known. */
  readonly loadOf?: (lease: Lease) => number | undefined;
  /** Also gives back what is no longer among the resources. @default false */
  readonly recallsUnlisted?: boolean;
  /** How long the members must have been the same before anything is recalled, milliseconds. @default 1000 */
  readonly settleMs?: number;
}

export interface ReleaseOptions {
  /** The worker that shall have it next; others leave it alone for a moment. */
  readonly successor?: string;
  /** For this long this worker does not claim it again, milliseconds. */
  readonly cooldownMs?: number;
}

export interface LeaseKeeper extends AsyncDisposable {
  /** What is held now. */
  readonly leases: readonly Lease[];
  /** The group's members, as last seen. */
  readonly members: readonly string[];
  start(): void;
  /** Asks at once what there is to lease. For resources of which no notice tells. */
  refresh(): void;
  /** Gives a lease back. Its holder has lost it from this call on; if the store cannot be reached, it expires. Never rejects. */
  release(lease: Lease, options?: ReleaseOptions): Promise<void>;
  /**
   * Offers every lease to the other members, and takes none for this time, milliseconds: for a worker whose work fails for a cause that may
   * be its own. Its leases are recalled one and all; what it does not release it keeps. It comes back at once when the others are gone.
   * Answers `false`, with nothing changed, where there are no others.
   */
  standAside(forMs: number): boolean;
  /** Claims nothing more and leaves the group, but goes on renewing what is held. For a worker that is about to stop. Never rejects. */
  retire(): Promise<void>;
  /** Retires, releases what is still held and stops. Never rejects. */
  stop(): Promise<void>;
}

const DEFAULT_LEASE_TTL_MS = 5_000;
const DEFAULT_LEASE_INTERVAL_MS = 1_000;
const DEFAULT_SETTLE_MS = 1_000;

/** Builds a keeper; nothing happens before `start`. */
export const createLeaseKeeper = (options: LeaseKeeperOptions): LeaseKeeper => new Keeper(options);

class Keeper implements LeaseKeeper {
  members: readonly string[] = [];
  readonly #options: LeaseKeeperOptions;
  readonly #held: HeldLeases;
  /** Recalled and not yet released: key to successor. */
  readonly #recalled = new Map<string, string>();
  /** Key to the monotonic time before which this worker does not claim it. */
  readonly #cooldowns = new Map<string, number>();
  readonly #freeRows: FreeRows;
  readonly #pace: ClaimPace;
  readonly #ticker: Ticker;
  readonly #sharing: SingleFlight;
  readonly #schedule: SurveySchedule;
  readonly #balance: LoadBalance;
  #membersSince = 0;
  #isRetired = false;
  #isPaused = false;
  /** By the monotonic clock. */
  #asideUntil = 0;
  #stopListening: (() => void)[] = [];

  constructor(options: LeaseKeeperOptions) {
    const { store, group, worker, clock, ttlMs = DEFAULT_LEASE_TTL_MS, intervalMs = DEFAULT_LEASE_INTERVAL_MS } = options;
    this.#options = options;
    this.#held = new HeldLeases({
      ...{ store, group, worker, ttlMs, clock },
      onLost: (lease, reason) => this.#noteLost(lease, reason),
      onClockSetBack: (setBackMs) =>
        options.logger.warn("Redis' clock was set back; leases and members last no longer than they were claimed for", {
          group,
          setBackMs,
        }),
    });
    this.#freeRows = new FreeRows(2 * intervalMs);
    this.#pace = new ClaimPace(clock, intervalMs);
    this.#ticker = new Ticker(clock, intervalMs, () => this.#look());
    // The sharing has its own pace: a slow catalogue of resources must not keep leases from being renewed.
    this.#sharing = new SingleFlight(() => this.#attempt(() => this.#share()));
    this.#schedule = new SurveySchedule(clock, intervalMs);
    this.#balance = new LoadBalance(options);
  }

  get leases(): readonly Lease[] {
    return this.#held.all;
  }

  start(): void {
    const { store, group, worker } = this.#options;
    this.#stopListening = [store.onLost(() => this.#held.sweep()), store.onReady(() => this.refresh())];
    void this.#attempt(async () => {
      this.#stopListening.push(await store.onNotice(group, worker, () => this.refresh(this.#schedule.pauseMs)));
    });
    this.#ticker.start();
  }

  refresh(delayMs = 0): void {
    this.#schedule.request();
    this.#ticker.wakeAfter(delayMs);
  }

  async release(lease: Lease, { successor, cooldownMs = 0 }: ReleaseOptions = {}): Promise<void> {
    if (cooldownMs > 0) this.#cooldowns.set(lease.key, this.#options.clock.monotonic() + cooldownMs);
    // One that has left will not claim it, so it must not be reserved for it.
    const heir = successor !== undefined && this.members.includes(successor) ? successor : undefined;
    await this.#attempt(() => this.#held.release(lease, heir));
  }

  standAside(forMs: number): boolean {
    const { store, group, worker, clock } = this.#options;
    const others = this.members.filter((member) => member !== worker);
    if (others.length === 0 || this.#isRetired) return false;
    this.#asideUntil = clock.monotonic() + forMs;
    void this.#attempt(() => store.leave(store.epoch, group, worker));
    const kept = this.leases.filter(({ key }) => !this.#recalled.has(key));
    for (const [index, { key }] of kept.entries()) this.#recall(key, others[index % others.length]!);
    return true;
  }

  async retire(): Promise<void> {
    const { store, group, worker } = this.#options;
    this.#isRetired = true;
    await this.#attempt(() => store.leave(store.epoch, group, worker));
  }

  async stop(): Promise<void> {
    await this.retire();
    await Promise.all(this.leases.map((lease) => this.release(lease)));
    await Promise.all([this.#ticker.stop(), this.#sharing.stop()]);
    for (const stop of this.#stopListening) stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #look(): Promise<void> {
    this.#held.sweep();
    if (!this.#options.store.isReady) return;
    await this.#attempt(() => this.#pulse());
    this.#held.sweep();
  }

  async #pulse(): Promise<void> {
    const { clock, recallsUnlisted = false } = this.#options;
    const isMember = this.#isMember;
    const { members, othersLastMs, isPaused = false } = await this.#held.pulse(isMember);
    if (members.join() !== this.members.join()) {
      this.members = members;
      this.#schedule.request();
      this.#membersSince = clock.monotonic();
      this.#options.emit({ type: 'members.changed', members });
    }
    this.#notePause(isPaused);
    if (this.#balance.isDue) void this.#attempt(() => this.#balance.report(this.leases));
    if (isMember && this.#isMember && !isPaused && (recallsUnlisted || this.#schedule.isDue)) this.#sharing.run();
    // One that crashed is gone then; a living one has renewed by that time.
    if (othersLastMs !== undefined) this.#ticker.wakeAfter(othersLastMs + 1);
    if (!isMember && members.length === 0) this.#comeBack();
  }

  #notePause(isPaused: boolean): void {
    const { group, logger } = this.#options;
    if (isPaused !== this.#isPaused) logger.info(isPaused ? 'paused by an operator: leases are given back' : 'resumed', { group });
    if (isPaused !== this.#isPaused) this.#schedule.request();
    this.#isPaused = isPaused;
    if (!isPaused) return;
    for (const { key } of this.leases) if (!this.#recalled.has(key)) this.#recall(key, '');
  }

  get #isMember(): boolean {
    return !this.#isRetired && this.#options.clock.monotonic() >= this.#asideUntil;
  }

  #comeBack(): void {
    if (this.#isRetired) return;
    this.#asideUntil = 0;
    this.#ticker.wake();
  }

  async #share(): Promise<void> {
    const { clock, worker, settleMs = DEFAULT_SETTLE_MS, recallsUnlisted = false } = this.#options;
    const resources = await this.#options.resources();
    if (recallsUnlisted) this.#recallUnlisted(new Set(resources.map(({ key }) => key)));
    const keys = resources.map(({ key }) => key);
    if (!this.#schedule.begin(keys)) return;
    const surveyed = await this.#held.survey(keys);
    if (!this.#isMember) return;
    const now = clock.monotonic();
    const rows = toPlannedRows(resources, surveyed, this.members).map((row) =>
      row.isMoved ? row : { ...row, worker: this.#recalled.get(row.key) ?? row.worker },
    );
    for (const { key, worker: movedTo, isMoved } of rows)
      if (isMoved && movedTo !== worker && this.#recalled.get(key) !== movedTo) this.#recall(key, movedTo);
    const overdue = this.#freeRows.overdue(rows, now);
    const candidates = rows.map((row) => ({ ...row, isOverdue: overdue.has(row.key) }));
    const { claim, release, isSettled } = planLeases(candidates, this.members, worker);
    // Ours in the store but not in hand: reserved for us, or claimed over a connection that is gone.
    const ours = rows.filter((row) => row.worker === worker).map(({ key }) => key);
    const wanted = new Set([...ours, ...claim].filter((key) => this.#held.isTakeable(key) && (this.#cooldowns.get(key) ?? 0) <= now));
    if (!isSettled || wanted.size > 0 || surveyed.some(({ state }) => state === 'reserved')) this.#schedule.request();
    await this.#claimSome([...wanted], resources);
    const relief = isSettled && wanted.size === 0 ? this.#balance.relief(rows, this.members) : [];
    if (now - this.#membersSince >= settleMs) for (const { key, successor } of [...release, ...relief]) this.#recall(key, successor);
    this.#ticker.wakeAfter(untilNextExpiry(surveyed, worker));
  }

  /** As many as the pace and the worker's room allow. The rest follows after the next renewal, which must not wait behind many claims. */
  async #claimSome(wanted: readonly string[], resources: readonly LeaseResource[]): Promise<void> {
    const byKey = new Map(resources.map((resource) => [resource.key, resource]));
    const room = Math.max(0, Math.floor(this.#options.room?.() ?? Number.POSITIVE_INFINITY));
    const some = wanted.slice(0, Math.min(this.#pace.size, room));
    await this.#pace.measure(() => Promise.all(some.map((key) => this.#claim(byKey.get(key)!))));
    if (some.length < Math.min(wanted.length, room)) this.#ticker.wake();
  }

  async #claim(resource: LeaseResource): Promise<void> {
    const lease = await this.#held.claim(resource);
    if (!lease) return;
    if (!this.#isMember) await this.release(lease);
    else this.#options.emit({ type: 'lease.claimed', lease });
  }

  #recallUnlisted(listed: ReadonlySet<string>): void {
    for (const { key } of this.leases) if (!listed.has(key) && !this.#recalled.has(key)) this.#recall(key, '');
  }

  #recall(key: string, successor: string): void {
    const lease = this.#held.get(key);
    if (!lease) return;
    this.#recalled.set(key, successor);
    this.#options.emit({ type: 'lease.recalled', lease, successor });
  }

  #noteLost(lease: Lease, reason: LeaseLossReason): void {
    this.#recalled.delete(lease.key);
    this.#schedule.request();
    this.#options.emit({ type: 'lease.lost', lease, reason });
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#schedule.request();
      const facts = { group: this.#options.group, reason: error instanceof Error ? error.message : String(error) };
      if (isRetryable(error)) {
        this.#options.logger.debug('leases could not be renewed or claimed', facts);
      } else {
        this.#options.logger.error('leases could not be renewed or claimed', facts);
        this.#options.emit({ type: 'keeper.failed', error });
      }
    }
  }
}
