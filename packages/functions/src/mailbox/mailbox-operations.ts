import type { SluiceRecord } from '@sluice/core';
import type { CommandOperation } from '@sluice/queue';
import { addressKeys, type LaneAddress, laneKeys } from '@sluice/redis';
import { encodeRow, type MailboxRow } from './mailbox-row.ts';
import { toEntry } from './mailboxes.ts';

export interface MailboxChange {
  readonly id: string;
  /** Added at the tail, in this order. */
  readonly append: readonly SluiceRecord[];
  /** What leaves at the head: of messages that were there before. */
  readonly pop: { readonly records: number; readonly bytes: number };
  /** How it stands then; `undefined` where nothing is left in it. */
  readonly row: MailboxRow | undefined;
}

/** Redis' Lua gives a command at most some thousand arguments. */
const APPENDED_AT_ONCE = 1_000;

/** What a commit does to a mailbox. Park, and the end of parking, are rows with and without `parking`. */
export function mailboxOperations(lane: LaneAddress, { id, append, pop, row }: MailboxChange): CommandOperation[] {
  const { mailboxes, gauge } = laneKeys(lane);
  const { mailbox } = addressKeys(lane, id);
  const entries = append.map(toEntry);
  const commands: CommandOperation['command'][] = [];
  for (let from = 0; from < entries.length; from += APPENDED_AT_ONCE) {
    commands.push(['RPUSH', mailbox, ...entries.slice(from, from + APPENDED_AT_ONCE)]);
  }
  if (pop.records > 0) commands.push(['LPOP', mailbox, pop.records]);
  commands.push(row ? ['HSET', mailboxes, id, encodeRow(row)] : ['HDEL', mailboxes, id]);
  const records = entries.length - pop.records;
  const bytes = entries.reduce((sum, entry) => sum + entry.byteLength, 0) - pop.bytes;
  if (records !== 0) commands.push(['HINCRBY', gauge, 'records', records]);
  if (bytes !== 0) commands.push(['HINCRBY', gauge, 'bytes', bytes]);
  return commands.map((command) => ({ type: 'command', command }));
}
