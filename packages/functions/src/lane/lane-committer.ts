/**
 * Applies what becomes of addresses, one commit at a time: what comes together, and what comes while one is under way, goes into the next
 * one. A commit is never sent twice. Where Redis refuses one for a single address, that address is taken out and the others go again.
 */
import { type ErrorReport, toErrorReport } from '@sluice/core';
import { type Guard, GuardFailedError, type LaneReceiver } from '@sluice/queue';
import type { AddressQueue } from './address-queue.ts';
import { applyCommit, type LaneCommit, type Outcome, planCommit } from './lane-commit.ts';
import type { LaneStorage } from './lane-storage.ts';

export interface LaneCommitterOptions {
  readonly receiver: Pick<LaneReceiver, 'settle'>;
  readonly storage: LaneStorage;
  readonly guard: Guard;
  /** Redis has applied it. */
  readonly onCommitted: (commit: LaneCommit) => void;
  /** Redis refused what this address's request asks for: a token that is pending, or state that an operator has changed meanwhile. */
  readonly onRefused: (address: AddressQueue, refusal: Refusal) => void;
  /** The lane has to be taken over: it is unknown what Redis holds, or an operator has changed a mailbox. */
  readonly onFailed: (error: unknown) => void;
}

export type Refusal = { readonly type: 'token' | 'state' } | { readonly type: 'error'; readonly error: unknown };

/** Addresses in one commit: Redis serves nobody else while it runs. */
const MAX_ADDRESSES = 128;

export class LaneCommitter {
  readonly #options: LaneCommitterOptions;
  #outcomes = new Map<AddressQueue, Outcome>();
  #committing: Promise<void> | undefined;
  #isOver = false;

  constructor(options: LaneCommitterOptions) {
    this.#options = options;
  }

  /** What waits for a commit, or is in one. */
  get isIdle(): boolean {
    return this.#committing === undefined && this.#outcomes.size === 0;
  }

  add(address: AddressQueue, outcome: Outcome): void {
    if (this.#isOver) return;
    if (outcome.type === 'stored' && this.#outcomes.has(address)) return;
    this.#outcomes.set(address, outcome);
    this.#committing ??= this.#commitAll();
  }

  /** Resolves once nothing is under way and nothing waits. */
  async whenIdle(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
  }

  /** Nothing more is committed. Resolves once what is under way has ended. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#outcomes.clear();
    await this.whenIdle();
  }

  async #commitAll(): Promise<void> {
    // One turn later, what was answered in this one goes together.
    await Promise.resolve();
    try {
      while (this.#outcomes.size > 0) {
        const group = new Map([...this.#outcomes].slice(0, MAX_ADDRESSES));
        for (const address of group.keys()) this.#outcomes.delete(address);
        if (!(await this.#commit(group))) return;
      }
    } finally {
      this.#committing = undefined;
    }
  }

  /** Answers whether the lane may go on. */
  async #commit(outcomes: ReadonlyMap<AddressQueue, Outcome>): Promise<boolean> {
    const { receiver, storage, guard, onCommitted, onRefused, onFailed } = this.#options;
    if (outcomes.size === 0) return true;
    const commit = planCommit(outcomes, guard, storage);
    try {
      await receiver.settle(commit.settlements, commit.effects);
    } catch (error) {
      if (this.#isOver) return false;
      const refused = this.#refusedOf(error, commit, outcomes);
      if (!refused) {
        this.#isOver = true;
        onFailed(error);
        return false;
      }
      const { address, refusal } = refused;
      if (!address) return this.#commitEach(outcomes);
      onRefused(address, refusal);
      return this.#commit(new Map([...outcomes].filter(([one]) => one !== address)));
    }
    if (this.#isOver) return false;
    applyCommit(commit);
    onCommitted(commit);
    return true;
  }

  /** One of them cannot be sent at all, and it is not known which. */
  async #commitEach(outcomes: ReadonlyMap<AddressQueue, Outcome>): Promise<boolean> {
    for (const one of outcomes) if (!(await this.#commit(new Map([one])))) return false;
    return true;
  }

  /** Who it is that was refused; `undefined` where the failure is the lane's. */
  #refusedOf(
    error: unknown,
    { guardOwners, operationOwners }: LaneCommit,
    outcomes: ReadonlyMap<AddressQueue, Outcome>,
  ): { readonly address: AddressQueue | undefined; readonly refusal: Refusal } | undefined {
    if (error instanceof GuardFailedError) {
      const address = error.failed === 'token' ? operationOwners[error.index] : guardOwners[error.index];
      return address && { address, refusal: { type: error.failed === 'token' ? 'token' : 'state' } };
    }
    // Nothing was sent: an operation cannot be written down.
    if (!(error instanceof RangeError || error instanceof TypeError)) return undefined;
    if (outcomes.size > 1) return { address: undefined, refusal: { type: 'error', error } };
    const [[address, outcome]] = [...outcomes] as [[AddressQueue, Outcome]];
    return outcome.type === 'applied' ? { address, refusal: { type: 'error', error } } : undefined;
  }
}

/** What an address is parked with. */
export const reportOf = (refusal: Refusal): ErrorReport =>
  refusal.type === 'error'
    ? toErrorReport(refusal.error)
    : {
        code: 'TOKEN_PENDING',
        disposition: 'retry',
        message:
          'expected a cancellation token that no delayed message has, found one that is still pending; cancel it before its token is used again',
        details: {},
      };
