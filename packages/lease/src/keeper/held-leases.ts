import type { Clock } from '@sluice/core';
import { HeldLease, instantOf, type Lease, type LeaseLossReason } from '../lease.ts';
import type { LeaseStore, PulseAnswer, SurveyedRow } from '../lease-store.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';

export interface HeldLeasesOptions {
  readonly store: LeaseStore;
  readonly group: string;
  readonly worker: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  onLost(lease: Lease, reason: LeaseLossReason): void;
  /** The store's clock was set back, at least so far, milliseconds. */
  onClockSetBack(setBackMs: number): void;
}

/** The leases that one worker has in hand. */
export class HeldLeases {
  readonly #options: HeldLeasesOptions;
  readonly #held = new Map<string, HeldLease>();
  #released = new Set<string>();

  constructor(options: HeldLeasesOptions) {
    this.#options = options;
  }

  get all(): readonly HeldLease[] {
    return [...this.#held.values()];
  }

  get(key: string): Lease | undefined {
    return this.#held.get(key);
  }

  /** Asks who holds these rows, for a decision that {@link isTakeable} completes. */
  async survey(keys: readonly string[]): Promise<readonly SurveyedRow[]> {
    this.#released = new Set();
    const { store } = this.#options;
    const rows = await store.survey(store.epoch, keys);
    this.#noteClock(rows.reduce((most, { clockSetBackMs = 0 }) => Math.max(most, clockSetBackMs), 0));
    return rows;
  }

  /** Whether a row that the last survey calls free or ours is indeed not in hand, and was not given back since the survey was asked for. */
  isTakeable(key: string): boolean {
    return !this.#held.has(key) && !this.#released.has(key);
  }

  /** Tells the store that the worker lives, renews what is in hand, and drops what another worker holds by now. Answers what it hears of the group. */
  async pulse(isMember: boolean): Promise<Pick<PulseAnswer, 'members' | 'othersLastMs' | 'isPaused'>> {
    const { store, group, worker, ttlMs, clock } = this.#options;
    const held = this.all;
    const sentAt = instantOf(clock);
    const answer = await store.pulse({ epoch: store.epoch, group, worker, ttlMs, isMember, held });
    const { leases, clockSetBackMs = 0 } = answer;
    this.#noteClock(clockSetBackMs);
    held.forEach((lease, index) => {
      if (leases[index] === 'renewed') lease.renew(sentAt);
      else this.#drop(lease, leases[index] === 'ended' ? 'released' : 'stolen');
    });
    return answer;
  }

  /** The lease, or `undefined` where it cannot be had. */
  async claim({ key, after, mustExist }: LeaseResource): Promise<Lease | undefined> {
    const { store, group, worker, clock, ttlMs } = this.#options;
    const { epoch } = store;
    const sentAt = instantOf(clock);
    const answer = await store.claim({ epoch, key, worker, ttlMs, group, after, mustExist });
    if (answer.outcome !== 'claimed') return undefined;
    const { token, facts } = answer;
    const lease = new HeldLease({ key, token, facts, epoch, ttlMs, clock, sentAt, currentEpoch: () => store.epoch });
    this.#held.set(key, lease);
    return lease;
  }

  /** Its holder has lost it from this call on. If the store cannot be reached, the row expires. */
  async release(lease: Lease, successor?: string): Promise<void> {
    const { key, token, epoch } = lease;
    if (this.#held.get(key) !== lease) return;
    this.#drop(this.#held.get(key)!, 'released');
    try {
      await this.#options.store.release({ epoch, group: this.#options.group, key, token, ...(successor !== undefined && { successor }) });
    } finally {
      this.#released.add(key);
    }
  }

  /** Drops what has ended by time or with its connection. */
  sweep(): void {
    for (const lease of this.all) if (lease.lostBecause) this.#drop(lease, lease.lostBecause);
  }

  #noteClock(setBackMs: number): void {
    if (setBackMs > 0) this.#options.onClockSetBack(setBackMs);
  }

  #drop(lease: HeldLease, reason: LeaseLossReason): void {
    if (this.#held.get(lease.key) !== lease) return;
    lease.lose(reason);
    this.#held.delete(lease.key);
    this.#released.add(lease.key);
    this.#options.onLost(lease, lease.lostBecause ?? reason);
  }
}
