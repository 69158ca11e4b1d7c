import { randomUUID } from 'node:crypto';
import type { SluiceRecord } from '@sluice/core';
import type { LaneAddress, RedisSession } from '@sluice/redis';
import { mailboxOperations } from '../mailbox/mailbox-operations.ts';
import { areMailboxesChanged, loadMailboxes, mailboxBytes, mailboxesGuard, readMailboxes } from '../mailbox/mailboxes.ts';
import { readValues } from '../state/address-values.ts';
import { mutationOperations } from '../state/mutation-operations.ts';
import type { RegisteredStates } from '../state/registered-states.ts';
import type { LaneStorage } from './lane-storage.ts';
import type { Message } from './messages.ts';

export interface LaneStorageOptions {
  readonly session: RedisSession;
  /** Of the lane's lease: nothing is read on another connection. */
  readonly epoch: number;
  readonly address: LaneAddress;
  readonly states: RegisteredStates;
}

/** What a lane keeps in Redis beside its jobs. */
export const createLaneStorage = ({ session, epoch, address, states }: LaneStorageOptions): LaneStorage => ({
  async load() {
    const { rows, edits } = await loadMailboxes(session, epoch, address);
    return { rows, guard: mailboxesGuard(address, edits) };
  },
  isChanged: (guard) => areMailboxesChanged(session, epoch, guard),
  readValues: (ids) =>
    readValues(
      session,
      epoch,
      ids.map((id) => ({ ...address, id })),
    ),
  async readMailboxes(requests) {
    const counted = requests.map(({ id, records }) => ({ id, count: records }));
    const mailboxes = await readMailboxes(session, epoch, address, counted);
    return mailboxes.map((messages) => messages.map(({ record: { data, origin } }): Message => ({ data, origin })));
  },
  mutate: (id, mutations, values) => mutationOperations({ address: { ...address, id }, values, mutations, registered: states }),
  changeMailbox: ({ id, popped, appended, row }) =>
    mailboxOperations(address, { id, row, pop: popped, append: appended.map((message) => toRecord(id, message)) }),
  reject: (id, message, reason) => [{ type: 'deadLetter', id: `mailbox-${randomUUID()}`, record: toRecord(id, message), reason }],
  bytesOf: (id, message) => mailboxBytes(toRecord(id, message)),
});

const toRecord = (id: string, { data, origin }: Message): SluiceRecord => ({
  ...{ partitionKey: id, data, metadata: {} },
  ...(origin && { origin }),
});
