/**
 * A lease as its holder sees it.
 *
 * How long it lasts is counted on the monotonic clock from before the claim or renewal was sent, so it ends here no later than in the
 * store. It is asked at each use, not told by a timer: a process that was stopped for longer finds its leases lost before it does
 * anything. Once lost it stays lost.
 */
import type { Clock } from '@sluice/core';
import { LeaseLostError } from './errors.ts';
import type { FencingToken } from './fencing-token.ts';

export type LeaseLossReason = 'expired' | 'stolen' | 'connection' | 'released';

export interface Lease {
  readonly key: string;
  readonly token: FencingToken;
  /** The connection under which it was claimed. Whatever relies on the lease is sent on that one. */
  readonly epoch: number;
  /** What stood in the row when it was claimed. */
  readonly facts: Readonly<Record<string, string>>;
  /** Milliseconds for which it is certainly held; 0 once it is lost. */
  remainingMs(): number;
  isHeld(): boolean;
  /** @throws {LeaseLostError} it is lost, or ends within `forMs` milliseconds */
  assertHeld(forMs?: number): void;
}

/** Clocks of two machines may differ in speed; this much of the time is not relied on. */
const DRIFT = 0.01;

export interface HeldLeaseOptions {
  readonly key: string;
  readonly token: FencingToken;
  readonly epoch: number;
  readonly facts: Readonly<Record<string, string>>;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly currentEpoch: () => number;
  /** When the claim was sent. */
  readonly sentAt: Instant;
}

/** One moment on both clocks. The monotonic one counts; the wall clock, which goes on while a machine is suspended, can only shorten. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

export const instantOf = (clock: Clock): Instant => ({ monotonic: clock.monotonic(), wall: clock.now() });

export class HeldLease implements Lease {
  readonly key: string;
  readonly token: FencingToken;
  readonly epoch: number;
  readonly facts: Readonly<Record<string, string>>;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  readonly #currentEpoch: () => number;
  #sentAt: Instant;
  #lostBecause: LeaseLossReason | undefined;

  constructor({ key, token, epoch, facts, ttlMs, clock, currentEpoch, sentAt }: HeldLeaseOptions) {
    this.key = key;
    this.token = token;
    this.epoch = epoch;
    this.facts = facts;
    this.#ttlMs = ttlMs * (1 - DRIFT);
    this.#clock = clock;
    this.#currentEpoch = currentEpoch;
    this.#sentAt = sentAt;
  }

  /** Why it is lost, or `undefined` while it is held. */
  get lostBecause(): LeaseLossReason | undefined {
    if (!this.#lostBecause && this.epoch !== this.#currentEpoch()) this.#lostBecause = 'connection';
    if (!this.#lostBecause && this.#timeLeft() <= 0) this.#lostBecause = 'expired';
    return this.#lostBecause;
  }

  remainingMs(): number {
    return this.lostBecause ? 0 : this.#timeLeft();
  }

  isHeld(): boolean {
    return this.lostBecause === undefined;
  }

  assertHeld(forMs = 0): void {
    if (this.lostBecause) throw new LeaseLostError(this.key, this.lostBecause);
    if (this.#timeLeft() < forMs) throw new LeaseLostError(this.key, `it ends in less than ${forMs} ms`);
  }

  /** Notes that the store renewed it at some time after `sentAt`. Has no effect on a lease that was lost before. */
  renew(sentAt: Instant): void {
    if (this.isHeld()) this.#sentAt = sentAt;
  }

  lose(reason: LeaseLossReason): void {
    this.#lostBecause ??= reason;
  }

  #timeLeft(): number {
    const passedMs = Math.max(this.#clock.monotonic() - this.#sentAt.monotonic, this.#clock.now() - this.#sentAt.wall);
    return this.#ttlMs - passedMs;
  }
}
