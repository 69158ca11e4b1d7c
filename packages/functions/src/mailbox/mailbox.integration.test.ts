import { type ErrorReport, type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { auditLane, getDeadLetter, type LaneReceiver, listDeadLetters, openLaneSender, readLaneCounts } from '@sluice/queue';
import { takeLane, useRedis } from '@sluice/queue/testing';
import { addressKeys, laneKeys, type RedisSession } from '@sluice/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MailboxChange, mailboxOperations } from './mailbox-operations.ts';
import type { Parking } from './mailbox-row.ts';
import { areMailboxesChanged, loadMailboxes, mailboxBytes, mailboxesGuard, readMailboxes } from './mailboxes.ts';
import { listParked, listWaiting, retryParked, showParked, skipParked } from './parked-addresses.ts';

let session: RedisSession;
let target: string;
let lane: LaneReceiver;
useRedis('ns/mailbox', (it) => {
  ({ session, target } = it);
});
beforeEach(async () => {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  await sender.enqueue([{ lane: 0, records: ['a1', 'b1', 'a2', 'a3'].map(recordOf) }], session.epoch);
  lane = await takeLane(session, address());
});

describe('a mailbox', () => {
  it('takes messages over from the jobs of the lane in one commit, and the gauge goes on counting them', async () => {
    await park('a', ['a1', 'a2', 'a3'], [1]);
    const { rows } = await load();
    expect(rows.get('a')).toEqual({ records: 3, bytes: bytesOf('a1', 'a2', 'a3'), parking: PARKING });
    expect(await textsIn('a')).toEqual(['a1', 'a2', 'a3']);
    // The job goes with its last record.
    expect(await readLaneCounts(session, { target })).toMatchObject([{ records: 4 + 3 }]);
    await lane.takeOver();
    const { jobs } = await lane.take(1);
    await lane.settle([{ job: jobs[0]!, remaining: [], deadLetters: [] }], { guards: [], operations: [] });
    expect(await readLaneCounts(session, { target })).toMatchObject([{ records: 3, bytes: bytesOf('a1', 'a2', 'a3') }]);
    await expectNoDrift(3);
  });

  it('is appended to and popped from in order, and leaves nothing behind when it is empty', async () => {
    await park('a', ['a1', 'a2'], [1, 3]);
    await changeMailbox({
      id: 'a',
      append: [recordOf('a3')],
      pop: { records: 1, bytes: bytesOf('a1') },
      row: { records: 2, bytes: bytesOf('a2', 'a3'), parking: undefined },
    });
    expect(await textsIn('a')).toEqual(['a2', 'a3']);
    expect((await load()).rows.get('a')?.parking).toBeUndefined();
    await changeMailbox({ id: 'a', append: [], pop: { records: 2, bytes: bytesOf('a2', 'a3') }, row: undefined });
    expect((await load()).rows.size).toBe(0);
    expect(await session.client.exists(addressKeys(address(), 'a').mailbox, laneKeys(address()).mailboxes)).toBe(0);
    await expectNoDrift(4);
  });

  it('keeps the origin of a record, and data without bytes', async () => {
    const origin = { stream: 's', shardId: 'shard-0', sequenceNumber: '12', subSequenceNumber: 3, arrivalTimeMs: 1_700_000_000_000 };
    const records = [{ ...recordOf('x'), origin }, recordOf('')];
    await changeMailbox({ id: 'x', append: records, pop: { records: 0, bytes: 0 }, row: { records: 2, bytes: 99, parking: undefined } });
    const [stored] = await readMailboxes(session, session.epoch, address(), [{ id: 'x', count: 10 }]);
    expect(stored!.map(({ record }) => record)).toEqual(records);
    expect(stored!.map(({ bytes }) => bytes)).toEqual(records.map(mailboxBytes));
  });

  it('takes and gives many messages in one commit', async () => {
    const texts = Array.from({ length: 4_500 }, (_, index) => String(index));
    const row = { records: texts.length, bytes: bytesOf(...texts), parking: undefined };
    await changeMailbox({ id: 'm', append: texts.map(recordOf), pop: { records: 0, bytes: 0 }, row });
    expect(await textsIn('m')).toEqual(texts);
    await expectNoDrift(4_504);
    await changeMailbox({ id: 'm', append: [], pop: row, row: undefined });
    await expectNoDrift(4);
  });
});

describe('an operator', () => {
  it('lists what is parked apart from what only waits, and sees the first messages of one', async () => {
    await park('a', ['a1', 'a2', 'a3'], [1]);
    await changeMailbox({ id: 'b', append: [recordOf('b2')], pop: NOTHING, row: { records: 1, bytes: bytesOf('b2'), parking: undefined } });
    const all = await collect(listWaiting(session, { target }));
    expect(all.map(({ id, records }) => [id, records]).toSorted()).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(await collect(listParked(session, { target }))).toEqual([
      { id: 'a', lane: 0, records: 3, bytes: bytesOf('a1', 'a2', 'a3'), parking: PARKING },
    ]);
    expect(await collect(listParked(session, { target: 'never/used' }))).toEqual([]);
    const shown = await showParked(session, { target, id: 'a' }, 2);
    expect(shown).toMatchObject({ id: 'a', records: 3, parking: { reason: REASON } });
    expect(shown!.messages.map(textOf)).toEqual(['a1', 'a2']);
    expect(await showParked(session, { target, id: 'none' })).toBeUndefined();
  });

  it('lets a parked address be tried at once; commits of an owner that has not seen it fail', async () => {
    await park('a', ['a1', 'a2', 'a3'], [1]);
    const { edits } = await load();
    const guard = mailboxesGuard(address(), edits);
    expect(await areMailboxesChanged(session, session.epoch, guard)).toBe(false);
    expect(await retryParked(session, { target, id: 'a' })).toBe(true);
    expect(await areMailboxesChanged(session, session.epoch, guard)).toBe(true);
    await expect(lane.settle([], { guards: [guard], operations: [] })).rejects.toMatchObject({ code: 'GUARD_FAILED' });
    const fresh = await load();
    expect(fresh.rows.get('a')?.parking).toEqual({ ...PARKING, retryAt: 0 });
    await lane.settle([], { guards: [mailboxesGuard(address(), fresh.edits)], operations: [] });
    expect([await retryParked(session, { target, id: 'b' }), await retryParked(session, { target: 'never/used', id: 'b' })]).toEqual([
      false,
      false,
    ]);
  });

  it('makes the first message a dead letter, then the next, until the address waits for nothing', async () => {
    await park('a', ['a1', 'a2'], [1, 3]);
    const first = await skipParked(session, { target, id: 'a' });
    expect((await getDeadLetter(session, { target, id: first! }))!).toMatchObject({ reason: REASON, partitionKey: 'a', lane: 0 });
    expect(await textsIn('a')).toEqual(['a2']);
    expect((await load()).rows.get('a')).toEqual({ records: 1, bytes: bytesOf('a2'), parking: { ...PARKING, attempts: 0, retryAt: 0 } });
    await skipParked(session, { target, id: 'a' });
    expect((await load()).rows.size).toBe(0);
    expect(await skipParked(session, { target, id: 'a' })).toBeUndefined();
    expect((await listDeadLetters(session, { target })).length).toBe(2);
    await expectNoDrift(4);
  });

  it('skips as many messages as it is asked to, also where several operators skip at the same time', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `p${index}`);
    await changeMailbox({
      id: 'p',
      append: texts.map(recordOf),
      pop: NOTHING,
      row: { records: 12, bytes: bytesOf(...texts), parking: PARKING },
    });
    await Promise.all(Array.from({ length: 5 }, () => skipParked(session, { target, id: 'p' })));
    expect(await textsIn('p')).toEqual(texts.slice(5));
    expect((await load()).rows.get('p')?.records).toBe(7);
    await expectNoDrift(4 + 7);
  });
});

const REASON: ErrorReport = { code: 'FUNCTION_CALL_FAILED', disposition: 'retry', message: 'status 500', details: { status: 500 } };
const PARKING: Parking = { reason: REASON, since: 1_796_008_741_284, attempts: 3, retryAt: 1_796_008_999_999 };
const NOTHING = { records: 0, bytes: 0 };
const address = () => ({ target, lane: 0 });
const recordOf = (text: string): SluiceRecord => ({ partitionKey: text.slice(0, 1), data: Buffer.from(text), metadata: {} });
const textOf = ({ data }: SluiceRecord) => Buffer.from(data).toString();
const bytesOf = (...texts: readonly string[]) => texts.reduce((sum, text) => sum + mailboxBytes(recordOf(text)), 0);
const load = () => loadMailboxes(session, session.epoch, address());
const changeMailbox = (change: MailboxChange) => lane.settle([], { guards: [], operations: mailboxOperations(address(), change) });

/** Moves messages from the job in hand to a mailbox; the others remain. */
async function park(id: string, texts: readonly string[], remaining: readonly number[]): Promise<void> {
  const { jobs } = await lane.take(1);
  const row = { records: texts.length, bytes: bytesOf(...texts), parking: PARKING };
  const operations = mailboxOperations(address(), { id, append: texts.map(recordOf), pop: NOTHING, row });
  await lane.settle([{ job: jobs[0]!, remaining, deadLetters: [] }], { guards: [], operations });
}

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

async function textsIn(id: string): Promise<string[]> {
  const [messages] = await readMailboxes(session, session.epoch, address(), [{ id, count: 10_000 }]);
  return messages!.map(({ record }) => textOf(record));
}

async function expectNoDrift(records: number): Promise<void> {
  expect(await auditLane(session, address(), silentLogger)).toMatchObject({ records, drift: { records: 0, bytes: 0 }, orphansRemoved: 0 });
}
