/**
 * The mailboxes of a lane: messages that wait beside its jobs, because their address is parked or has a long backlog. They stay in the
 * lane's gauge. Only the lane's owner writes them, in its commits, and an operator, who changes `edits` with whatever he does: a commit
 * of an owner that has not seen it fails by its guard, and the owner reads the mailboxes again.
 */
import type { SluiceRecord } from '@sluice/core';
import { decodeFrame, encodeFrame, type Guard } from '@sluice/queue';
import { addressKeys, type LaneAddress, laneKeys, type RedisSession, runPipeline, runTransaction } from '@sluice/redis';
import { decodeRow, type MailboxRow } from './mailbox-row.ts';

const EDITS_FIELD = 'edits';

export interface LaneMailboxes {
  /** Another text after each change by an operator. */
  readonly edits: string | undefined;
  /** By the id of the address. */
  readonly rows: ReadonlyMap<string, MailboxRow>;
}

/** A message in a mailbox, and what it adds to the row's and the gauge's bytes. */
export interface StoredMessage {
  readonly record: SluiceRecord;
  readonly bytes: number;
}

export async function loadMailboxes(session: RedisSession, epoch: number, lane: LaneAddress): Promise<LaneMailboxes> {
  const { state, mailboxes } = laneKeys(lane);
  const [edits, rows] = (await runTransaction(session, epoch, (commands) => commands.hget(state, EDITS_FIELD).hgetall(mailboxes))) as [
    string | null,
    Record<string, string>,
  ];
  return { edits: edits ?? undefined, rows: new Map(Object.entries(rows).map(([id, text]) => [id, decodeRow(text)])) };
}

/** Holds as long as no operator has changed a mailbox since `edits` was read. Belongs to each commit of the lane's owner. */
export const mailboxesGuard = (lane: LaneAddress, edits: string | undefined): Guard => ({
  key: laneKeys(lane).state,
  field: EDITS_FIELD,
  expected: edits,
});

/** Whether an operator has changed a mailbox since. */
export async function areMailboxesChanged(session: RedisSession, epoch: number, { key, field, expected }: Guard): Promise<boolean> {
  const found = await session.run(epoch, (client) => client.hget(key, field));
  return (found ?? undefined) !== expected;
}

/** The first `count` messages of each of these mailboxes, in one round trip. */
export async function readMailboxes(
  session: RedisSession,
  epoch: number,
  lane: LaneAddress,
  requests: ReadonlyArray<{ readonly id: string; readonly count: number }>,
): Promise<StoredMessage[][]> {
  if (requests.length === 0) return [];
  const lists = await runPipeline(session, epoch, (pipeline) => {
    for (const { id, count } of requests) pipeline.lrangeBuffer(addressKeys(lane, id).mailbox, 0, count - 1);
  });
  return (lists as Buffer[][]).map((entries) => entries.map((entry) => ({ record: decodeFrame(entry)[0]!, bytes: entry.byteLength })));
}

/** A message as it is stored. */
export const toEntry = (record: SluiceRecord): Buffer => encodeFrame([record]);

/** What a message takes in a mailbox. */
export const mailboxBytes = (record: SluiceRecord): number => toEntry(record).byteLength;
