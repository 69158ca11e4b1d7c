import { type ErrorReport, systemClock } from '@sluice/core';
import { laneKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { StaleJobError } from './errors.ts';
import { readLaneCounts } from './lanes/lane-counts.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, ownLane, takeLane, textsOf } from './testing/fixtures.ts';
import { delivered, drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('hand-back', (it) => {
  ({ session, target } = it);
});

describe('handing back', () => {
  it('returns every job in hand in order, with marks, attempts and reason for the next owner to see', async () => {
    const sender = await fill(0);
    await sender.enqueue([batchOf([1, 2, 3])], session.epoch);
    await sender.enqueue([batchOf([4, 5])], session.epoch);
    await sender.enqueue([batchOf([6])], session.epoch);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    await lane.handBack(
      [
        { job: jobs[0]!, remaining: [0, 2] },
        { job: jobs[1]!, remaining: [1] },
      ],
      { reason: REASON },
    );

    const again = await lane.take(3);
    expect(
      again.jobs.map(({ id, attempts, lastReason, indexes, records }) => ({ id, attempts, lastReason, indexes, texts: textsOf(records) })),
    ).toEqual([
      { id: '1', attempts: 1, lastReason: 'THROTTLED: slow down', indexes: [0, 2], texts: ['1', '3'] },
      { id: '2', attempts: 1, lastReason: 'THROTTLED: slow down', indexes: [1], texts: ['5'] },
      { id: '3', attempts: 0, lastReason: undefined, indexes: [0], texts: ['6'] },
    ]);
    expect(JSON.parse((await session.client.hget(`${keys().jobPrefix}1`, 'data'))!)).toMatchObject({ remaining: '0,2', attempts: 1 });
  });

  it('counts no attempt where nothing failed, and acks a job of which nothing remains', async () => {
    const sender = await fill(0);
    await sender.enqueue([batchOf([1, 2])], session.epoch);
    await sender.enqueue([batchOf([3, 4])], session.epoch);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    await lane.handBack([
      { job: jobs[0]!, remaining: [] },
      { job: jobs[1]!, remaining: [1] },
    ]);

    const heir = await takeLane(session, address());
    expect((await heir.take(2)).jobs.map(({ id, attempts, records }) => [id, attempts, ...textsOf(records)])).toEqual([['2', 0, '4']]);
    expect(lane.jobsInHand).toBe(0);
  });

  it('marks again what is left of what was marked before', async () => {
    const sender = await fill(0);
    await sender.enqueue([batchOf([1, 2, 3, 4])], session.epoch);
    const lane = await takeLane(session, address());
    for (const remaining of [[1, 2, 3], [0, 2, 3], [3]]) {
      const { jobs } = await lane.take(1);
      await lane.handBack([{ job: jobs[0]!, remaining }], { reason: REASON });
    }
    const { jobs } = await lane.take(1);
    expect({ attempts: jobs[0]!.attempts, texts: textsOf(jobs[0]!.records) }).toEqual({ attempts: 3, texts: ['4'] });
  });

  it('blocks the lane by the time of Redis, for the next owner as well', async () => {
    await fill(1);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(1);
    await lane.handBack([{ job: jobs[0]!, remaining: [0] }], { reason: REASON, blockForMs: 60_000 });
    expect(await lane.take(1)).toEqual({ jobs: [], blockedForMs: expect.closeTo(60_000, -5), skipped: { records: 0, jobs: 0 } });

    const heir = await ownLane(session, address());
    expect(await heir.takeOver()).toEqual({ returned: 0, blockedForMs: expect.closeTo(60_000, -5) });
    expect((await heir.take(1)).jobs).toEqual([]);
    expect(await readLaneCounts(session, { target })).toMatchObject([
      { blockedForMs: expect.closeTo(60_000, -5), blockedReason: 'slow down' },
    ]);

    await session.client.hset(keys().state, 'blockedUntil', 1);
    expect((await heir.take(1)).jobs).toHaveLength(1);
    expect(await session.client.hgetall(keys().state)).toEqual({});
  });

  it('blocks the lane no longer than it said, also where the clock of Redis was set back', async () => {
    await fill(1);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(1);
    await lane.handBack([{ job: jobs[0]!, remaining: [0] }], { reason: REASON, blockForMs: 60_000 });
    await session.client.hincrby(keys().state, 'blockedUntil', 3_600_000);

    expect(await readLaneCounts(session, { target })).toMatchObject([{ blockedForMs: 60_000 }]);
    expect(await (await ownLane(session, address())).takeOver()).toMatchObject({ blockedForMs: 60_000 });
    const heir = await takeLane(session, address());
    const before = await session.client.hget(keys().state, 'blockedUntil');
    expect((await heir.take(1)).blockedForMs).toBe(60_000);
    // It counts down from there.
    expect(Number(before) - Number(await session.client.hget(keys().state, 'blockedUntil'))).toBeGreaterThan(3_500_000);
  });

  it('makes what was in hand void', async () => {
    await fill(2);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    await lane.handBack([]);
    await expect(lane.settle(delivered(jobs))).rejects.toThrow(StaleJobError);
    await expect(lane.handBack([{ job: jobs[0]!, remaining: [0] }])).rejects.toThrow(StaleJobError);
    expect(await drain(lane)).toEqual(['1', '2']);
  });
});

const REASON: ErrorReport = { code: 'THROTTLED', disposition: 'retry', message: 'slow down', details: {} };

const address = () => ({ target, lane: 0 });
const keys = () => laneKeys(address());

/** A sender that has pushed `jobs` jobs of one record each. */
async function fill(jobs: number) {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (let position = 1; position <= jobs; position++) await sender.enqueue([batchOf([position])], session.epoch);
  return sender;
}
