/** What a commit asks of Redis, computed from the outcomes of addresses, and what it changes here once Redis has applied it. */
import type { ErrorReport } from '@sluice/core';
import type { Guard, JobSettlement, LaneEffects, Operation, Rejection } from '@sluice/queue';
import type { EgressEffect } from '../answer/effects.ts';
import type { MailboxRow, Parking } from '../mailbox/mailbox-row.ts';
import type { AddressQueue, Stored } from './address-queue.ts';
import type { JobAccount } from './job-account.ts';
import type { LaneStorage } from './lane-storage.ts';
import type { LaneMessage, Message } from './messages.ts';

/** What has become of an address's request. */
export type Outcome =
  | {
      readonly type: 'applied';
      readonly guards: readonly Guard[];
      readonly operations: readonly Operation[];
      /** Among the operations. */
      readonly egress: readonly EgressEffect[];
    }
  /** The first message of the batch becomes a dead letter. */
  | { readonly type: 'rejected'; readonly reason: ErrorReport }
  | { readonly type: 'parked'; readonly parking: Parking }
  /** There was no request, or it is still open: messages move to the mailbox. */
  | { readonly type: 'stored' };

/** What a commit does to one address. */
interface Change {
  readonly address: AddressQueue;
  readonly outcome: Outcome;
  /** Messages of jobs that are done with. */
  readonly leaving: readonly LaneMessage[];
  /** Messages of jobs that move to the mailbox. */
  readonly moving: readonly LaneMessage[];
  readonly row: MailboxRow | undefined;
}

export interface LaneCommit {
  readonly changes: readonly Change[];
  readonly settlements: readonly JobSettlement[];
  readonly effects: LaneEffects;
  /** Whose each guard is; `undefined` for that of the lane. */
  readonly guardOwners: readonly (AddressQueue | undefined)[];
  readonly operationOwners: readonly AddressQueue[];
  /** The places that leave each job. */
  readonly leaving: ReadonlyMap<JobAccount, readonly number[]>;
}

type Storage = Pick<LaneStorage, 'changeMailbox' | 'reject' | 'bytesOf'>;

export function planCommit(outcomes: ReadonlyMap<AddressQueue, Outcome>, laneGuard: Guard, storage: Storage): LaneCommit {
  const changes: Change[] = [];
  const guards: Guard[] = [laneGuard];
  const guardOwners: (AddressQueue | undefined)[] = [undefined];
  const operations: Operation[] = [];
  const operationOwners: AddressQueue[] = [];
  const leaving = new Map<JobAccount, number[]>();
  const deadLetters = new Map<JobAccount, Rejection[]>();
  const add = <T, O>(list: T[], owners: O[], items: readonly T[], owner: O) => {
    list.push(...items);
    for (const _ of items) owners.push(owner);
  };
  for (const [address, outcome] of outcomes) {
    const { change, popped, rejected } = changeOf(address, outcome, storage);
    changes.push(change);
    for (const { account, place } of [...change.leaving, ...change.moving]) entryOf(leaving, account).push(place);
    if (outcome.type === 'applied') {
      add(guards, guardOwners, outcome.guards, address);
      add(operations, operationOwners, outcome.operations, address);
    }
    if (outcome.type === 'rejected' && rejected) {
      if (isInJob(rejected))
        entryOf(deadLetters, rejected.account).push({ index: rejected.account.job.indexes[rejected.place]!, reason: outcome.reason });
      else add(operations, operationOwners, storage.reject(address.id, rejected, outcome.reason), address);
    }
    if (popped.records > 0 || change.moving.length > 0 || outcome.type === 'parked') {
      const mailbox = { id: address.id, popped, appended: change.moving, row: change.row };
      add(operations, operationOwners, storage.changeMailbox(mailbox), address);
    }
  }
  const settlements = [...leaving].map(([account, places]) => account.settlement(places, deadLetters.get(account) ?? []));
  return { changes, settlements, effects: { guards, operations }, guardOwners, operationOwners, leaving };
}

/** Redis has applied the commit. */
export function applyCommit({ changes, leaving }: LaneCommit): void {
  for (const { address, outcome, leaving: done, moving, row } of changes) {
    address.queue = address.queue.slice(done.length + moving.length);
    address.stored = row ?? { records: 0, bytes: 0 };
    if (outcome.type === 'parked') address.parking = outcome.parking;
    if (outcome.type === 'applied') address.parking = undefined;
    if (!row) address.isSpilling = false;
    if (outcome.type === 'stored') keepBatch(address);
    else address.batch = undefined;
  }
  for (const [account, places] of leaving) account.settled(places);
}

function changeOf(address: AddressQueue, outcome: Outcome, storage: Storage) {
  const { batch, queue, stored } = address;
  const done = outcome.type === 'applied' ? batch!.messages : outcome.type === 'rejected' ? batch!.messages.slice(0, 1) : [];
  const popped = batch?.isStored ? sizeOf(address.id, done, storage) : NOTHING;
  const leaving = batch?.isStored ? [] : queue.slice(0, done.length);
  // A list of its own: others may arrive before Redis has applied it.
  const moving = outcome.type === 'parked' ? queue.slice() : address.toStore(leaving.length);
  const added = sizeOf(address.id, moving, storage);
  const left = { records: stored.records - popped.records + added.records, bytes: stored.bytes - popped.bytes + added.bytes };
  const parking = outcome.type === 'parked' ? outcome.parking : outcome.type === 'applied' ? undefined : address.parking;
  const row = left.records > 0 ? { ...left, parking } : undefined;
  return { change: { address, outcome, leaving, moving, row }, popped, rejected: done[0] as Message | LaneMessage | undefined };
}

/** An open batch that is in the mailbox now keeps its messages, but not the jobs that they came with. */
function keepBatch(address: AddressQueue): void {
  const { batch } = address;
  if (!batch || batch.isStored || address.stored.records === 0) return;
  address.batch = { isStored: true, messages: batch.messages.map(({ data, origin }) => ({ data: Buffer.from(data), origin })) };
}

const isInJob = (message: Message | LaneMessage): message is LaneMessage => 'account' in message;

const NOTHING: Stored = { records: 0, bytes: 0 };

const sizeOf = (id: string, messages: readonly Message[], { bytesOf }: Storage): Stored => ({
  records: messages.length,
  bytes: messages.reduce((sum, message) => sum + bytesOf(id, message), 0),
});

function entryOf<T>(map: Map<JobAccount, T[]>, account: JobAccount): T[] {
  const entry = map.get(account) ?? [];
  map.set(account, entry);
  return entry;
}
