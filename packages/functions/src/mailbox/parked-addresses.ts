/** What an operator sees and does of addresses whose messages wait in a mailbox. */
import { randomUUID } from 'node:crypto';
import { type Clock, type SluiceRecord, systemClock } from '@sluice/core';
import { applyEffects, type Guard, GuardFailedError, laneOf, type Operation, readLaneCount } from '@sluice/queue';
import { addressKeys, type LaneAddress, laneKeys, type RedisSession, type TargetAddress } from '@sluice/redis';
import { decodeRow, encodeRow, type MailboxRow } from './mailbox-row.ts';
import { readMailboxes } from './mailboxes.ts';

/** A function type: the target of its lanes. */
export type FunctionTypeAddress = TargetAddress;

export interface FunctionInstanceAddress extends FunctionTypeAddress {
  readonly id: string;
}

export interface WaitingAddress extends MailboxRow {
  readonly id: string;
  readonly lane: number;
}

export interface WaitingMessages extends WaitingAddress {
  /** The first of them. */
  readonly messages: readonly SluiceRecord[];
}

const ROWS_AT_ONCE = 500;

/** Every address of a type that has a mailbox, parked or with a backlog, in no order. One that changes meanwhile may come twice. */
export async function* listWaiting(session: RedisSession, address: FunctionTypeAddress): AsyncGenerator<WaitingAddress> {
  const lanes = await lanesOf(session, address);
  for (let lane = 0; lane < lanes; lane++) {
    const { mailboxes } = laneKeys({ ...address, lane });
    for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
      const [next, flat] = await session.run(session.epoch, (client) => client.hscan(mailboxes, cursor, 'COUNT', ROWS_AT_ONCE));
      for (let at = 0; at < flat.length; at += 2) yield { id: flat[at]!, lane, ...decodeRow(flat[at + 1]!) };
      cursor = next;
    }
  }
}

/** Those of {@link listWaiting} that are parked. */
export async function* listParked(session: RedisSession, address: FunctionTypeAddress): AsyncGenerator<WaitingAddress> {
  for await (const waiting of listWaiting(session, address)) if (waiting.parking) yield waiting;
}

/** One address with its first messages; `undefined` where it has no mailbox. @param count of messages */
export async function showParked(
  session: RedisSession,
  address: FunctionInstanceAddress,
  count = 10,
): Promise<WaitingMessages | undefined> {
  const found = await findRow(session, address);
  if (!found) return undefined;
  const { lane, row } = found;
  const [messages] = await readMailboxes(session, session.epoch, lane, [{ id: address.id, count: Math.max(1, count) }]);
  return { id: address.id, lane: lane.lane, ...row, messages: messages!.slice(0, count).map(({ record }) => record) };
}

/** Lets a parked address be tried again at once; `false` where it is not parked. */
export const retryParked = async (session: RedisSession, address: FunctionInstanceAddress, clock: Clock = systemClock): Promise<boolean> =>
  (await change(session, address, clock, ({ parking, ...row }) => parking && { row: { ...row, parking: { ...parking, retryAt: 0 } } })) !==
  undefined;

/**
 * Makes the first message of a parked address a dead letter of its type, with the reason for which it is parked, and lets the next one be
 * tried at once. Answers the id of the dead letter, `undefined` where the address is not parked.
 */
export async function skipParked(
  session: RedisSession,
  address: FunctionInstanceAddress,
  clock: Clock = systemClock,
): Promise<string | undefined> {
  const id = `skipped-${randomUUID()}`;
  const done = await change(session, address, clock, ({ parking, ...row }, head) => {
    if (!parking || !head) return undefined;
    const [records, bytes] = [row.records - 1, row.bytes - head.bytes];
    return {
      row: records > 0 ? { records, bytes, parking: { ...parking, attempts: 0, retryAt: 0 } } : undefined,
      skipped: { id, record: head.record, bytes: head.bytes, reason: parking.reason },
    };
  });
  return done && id;
}

interface Skipped {
  readonly id: string;
  readonly record: SluiceRecord;
  readonly bytes: number;
  readonly reason: NonNullable<MailboxRow['parking']>['reason'];
}

interface Change {
  readonly row: MailboxRow | undefined;
  readonly skipped?: Skipped;
}

/** Changes a mailbox unless its lane's owner changes it meanwhile; then from what it is like now. */
async function change(
  session: RedisSession,
  address: FunctionInstanceAddress,
  clock: Clock,
  decide: (row: MailboxRow, head: { readonly record: SluiceRecord; readonly bytes: number } | undefined) => Change | undefined,
): Promise<Change | undefined> {
  for (;;) {
    const found = await findRow(session, address);
    if (!found) return undefined;
    const { lane, row, text } = found;
    const [[head] = []] = await readMailboxes(session, session.epoch, lane, [{ id: address.id, count: 1 }]);
    const decided = decide(row, head);
    if (!decided) return undefined;
    const guard: Guard = { key: laneKeys(lane).mailboxes, field: address.id, expected: text };
    try {
      await applyEffects(session, lane, { guards: [guard], operations: toOperations(lane, address.id, decided) }, clock);
      return decided;
    } catch (error) {
      if (!(error instanceof GuardFailedError)) throw error;
    }
  }
}

function toOperations(lane: LaneAddress, id: string, { row, skipped }: Change): Operation[] {
  const { mailboxes, gauge, state } = laneKeys(lane);
  return [
    { type: 'command', command: ['HINCRBY', state, 'edits', 1] },
    { type: 'command', command: row ? ['HSET', mailboxes, id, encodeRow(row)] : ['HDEL', mailboxes, id] },
    ...(skipped
      ? ([
          { type: 'command', command: ['LPOP', addressKeys(lane, id).mailbox, 1] },
          { type: 'command', command: ['HINCRBY', gauge, 'records', -1] },
          { type: 'command', command: ['HINCRBY', gauge, 'bytes', -skipped.bytes] },
          { type: 'deadLetter', id: skipped.id, record: skipped.record, reason: skipped.reason },
        ] as const)
      : []),
  ];
}

async function findRow(session: RedisSession, { id, ...type }: FunctionInstanceAddress) {
  const lanes = await lanesOf(session, type);
  if (lanes === 0) return undefined;
  const lane = { ...type, lane: laneOf(id, lanes) };
  const text = await session.run(session.epoch, (client) => client.hget(laneKeys(lane).mailboxes, id));
  return text === null ? undefined : { lane, row: decodeRow(text), text };
}

/** 0 where the type was never used. */
const lanesOf = (session: RedisSession, { keyPrefix, target }: TargetAddress): Promise<number> =>
  readLaneCount(session, { keyPrefix, target });
