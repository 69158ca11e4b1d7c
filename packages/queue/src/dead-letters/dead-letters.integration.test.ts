import { type ErrorReport, systemClock } from '@sluice/core';
import { deadLetterKeys, deadLetterQueue, type RedisSession } from '@sluice/redis';
import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { readLaneCounts } from '../lanes/lane-counts.ts';
import { openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, plainOf, recordAt, takeLane, textsOf } from '../testing/fixtures.ts';
import { delivered, rejected } from '../testing/settlements.ts';
import { useRedis } from '../testing/use-redis.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters, redriveDeadLetter, removeDeadLetter } from './dead-letters.ts';

let session: RedisSession;
let target: string;
useRedis('egress/letters', (it) => {
  ({ session, target } = it);
});

describe('dead letters', () => {
  it('resolve their record, and keep it with its reason; its neighbours go on', async () => {
    const { lane } = await laneOf(4);
    const { jobs } = await lane.take(1);
    await lane.settle([
      rejected(jobs[0]!, [
        { index: 0, reason: TOO_LARGE },
        { index: 2, reason: BAD_KEY },
      ]),
    ]);
    await lane.handBack([{ job: jobs[0]!, remaining: [0, 1, 3] }]);
    const again = await lane.take(1);
    expect(textsOf(again.jobs[0]!.records)).toEqual(['2', '4']);

    expect(await countDeadLetters(session, { target })).toBe(2);
    const listed = await listDeadLetters(session, { target });
    expect(listed.toSorted((a, b) => (a.partitionKey < b.partitionKey ? -1 : 1))).toEqual([
      {
        id: expect.stringMatching(/-0$/),
        target,
        lane: 0,
        reason: TOO_LARGE,
        partitionKey: 'key-1',
        bytes: 1,
        origin: recordAt(1).origin,
        rejectedAtMs: expect.any(Number),
      },
      {
        id: expect.stringMatching(/-2$/),
        target,
        lane: 0,
        reason: BAD_KEY,
        partitionKey: 'key-3',
        bytes: 1,
        origin: recordAt(3).origin,
        rejectedAtMs: expect.any(Number),
      },
    ]);
    const first = listed.find(({ partitionKey }) => partitionKey === 'key-1')!;
    expect(await getDeadLetter(session, { target, id: first.id })).toEqual({ ...first, record: recordAt(1) });
    expect(await getDeadLetter(session, { target, id: 'none' })).toBeUndefined();
  });

  it('are failed jobs for Bull Board', async () => {
    const { lane } = await laneOf(1);
    const { jobs } = await lane.take(1);
    await lane.settle([rejected(jobs[0]!, [{ index: 0, reason: TOO_LARGE }])]);

    const { queueName, bullPrefix } = deadLetterQueue({ target });
    const connection = session.client.duplicate({ maxRetriesPerRequest: null });
    const queue = new Queue(queueName, {
      prefix: bullPrefix,
      connection,
      skipMetasUpdate: true,
    });
    expect(await queue.getJobCounts()).toMatchObject({ failed: 1, waiting: 0, active: 0 });
    const [job] = await queue.getFailed();
    expect({ name: job!.name, failedReason: job!.failedReason, data: job!.data }).toMatchObject({
      name: 'TOO_LARGE · key-1',
      failedReason: 'expected at most 1 MiB, got 2',
      data: { reason: TOO_LARGE, partitionKey: 'key-1' },
    });
    await queue.close();
    connection.disconnect();
  });

  it('are listed newest first, in pages', async () => {
    const { lane } = await laneOf(5);
    const { jobs } = await lane.take(1);
    for (const index of [0, 1, 2, 3, 4]) {
      await lane.settle([rejected(jobs[0]!, [{ index, reason: TOO_LARGE }])]);
      // BullMQ sorts them by the millisecond.
      for (const failedAt = Date.now(); Date.now() === failedAt; );
    }
    const keysOf = async (offset: number) =>
      (await listDeadLetters(session, { target, offset, count: 2 })).map(({ partitionKey }) => partitionKey);
    expect([await keysOf(0), await keysOf(2), await keysOf(4)]).toEqual([['key-5', 'key-4'], ['key-3', 'key-2'], ['key-1']]);
  });

  it('go back to their lane as a job without a source, which no replay filter stops', async () => {
    const { sender, lane } = await laneOf(2);
    const { jobs } = await lane.take(1);
    await lane.settle([rejected(jobs[0]!, [{ index: 0, reason: TOO_LARGE }])]);
    await lane.settle(delivered(jobs));
    const [letter] = await listDeadLetters(session, { target });

    expect(await redriveDeadLetter(session, sender, letter!.id)).toBe(true);
    expect(await redriveDeadLetter(session, sender, letter!.id)).toBe(false);
    expect(await countDeadLetters(session, { target })).toBe(0);
    const { jobs: again } = await lane.take(5);
    expect(again.map(({ source, records }) => ({ source, records: plainOf(records) }))).toEqual([
      { source: undefined, records: [recordAt(1)] },
    ]);
    await lane.settle(delivered(again));
    expect(await readLaneCounts(session, { target })).toMatchObject([{ waiting: 0, records: 0, bytes: 0 }]);
  });

  it('leave nothing behind when they are removed', async () => {
    const { lane } = await laneOf(2);
    const { jobs } = await lane.take(1);
    await lane.settle([rejected(jobs[0]!, [{ index: 0, reason: TOO_LARGE }])]);
    const [letter] = await listDeadLetters(session, { target });
    expect(await removeDeadLetter(session, { target, id: letter!.id })).toBe(true);
    expect(await removeDeadLetter(session, { target, id: letter!.id })).toBe(false);
    expect(await session.client.exists(deadLetterKeys({ target }).payloads)).toBe(0);
    expect(await countDeadLetters(session, { target })).toBe(0);
  });

  it('are refused for a record that the job does not have in hand', async () => {
    const { lane } = await laneOf(2);
    const { jobs } = await lane.take(1);
    await expect(lane.settle([rejected(jobs[0]!, [{ index: 2, reason: TOO_LARGE }])])).rejects.toThrow(
      'expected the index of a record of job 1, got 2',
    );
    expect(await countDeadLetters(session, { target })).toBe(0);
  });
});

const TOO_LARGE: ErrorReport = {
  code: 'TOO_LARGE',
  disposition: 'reject',
  message: 'expected at most 1 MiB, got 2',
  details: { bytes: 2 },
};
const BAD_KEY: ErrorReport = { code: 'BAD_KEY', disposition: 'reject', message: 'expected a key', details: {} };

/** A lane with one job of so many records, and its owner. */
async function laneOf(records: number) {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  await sender.enqueue([batchOf(Array.from({ length: records }, (_, index) => index + 1))], session.epoch);
  return { sender, lane: await takeLane(session, { target, lane: 0 }) };
}
