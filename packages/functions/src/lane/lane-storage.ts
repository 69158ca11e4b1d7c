import type { ErrorReport } from '@sluice/core';
import type { Guard, Operation } from '@sluice/queue';
import type { MutationEffect } from '../answer/effects.ts';
import type { MailboxRow } from '../mailbox/mailbox-row.ts';
import type { AddressValues } from '../state/address-values.ts';
import type { Stored } from './address-queue.ts';
import type { Message } from './messages.ts';

/** What changes of a mailbox in a commit. */
export interface MailboxChange {
  readonly id: string;
  /** How many messages leave at its head, and their bytes. */
  readonly popped: Stored;
  /** Messages that are added at its tail. */
  readonly appended: readonly Message[];
  /** How it stands then; `undefined` where nothing is left in it. */
  readonly row: MailboxRow | undefined;
}

/** What a lane keeps in Redis beside its jobs: values and mailboxes. Reads here; writes are operations of a commit. */
export interface LaneStorage {
  /** All mailboxes of the lane, and what fails once an operator has changed one of them. */
  load(): Promise<{ readonly rows: ReadonlyMap<string, MailboxRow>; readonly guard: Guard }>;
  /** Whether an operator has changed a mailbox since this guard was made. */
  isChanged(guard: Guard): Promise<boolean>;
  readValues(ids: readonly string[]): Promise<readonly AddressValues[]>;
  readMailboxes(requests: ReadonlyArray<{ readonly id: string; readonly records: number }>): Promise<ReadonlyArray<readonly Message[]>>;
  mutate(
    id: string,
    mutations: readonly MutationEffect[],
    values: AddressValues,
  ): { readonly guards: readonly Guard[]; readonly operations: readonly Operation[] };
  changeMailbox(change: MailboxChange): readonly Operation[];
  /** A message that came out of a mailbox becomes a dead letter. */
  reject(id: string, message: Message, reason: ErrorReport): readonly Operation[];
  /** What a message takes in a mailbox. */
  bytesOf(id: string, message: Message): number;
}
