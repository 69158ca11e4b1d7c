import { type ErrorReport, systemClock } from '@sluice/core';
import { LeaseLostError } from '@sluice/lease';
import { deadLetterKeys, laneKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it, vi } from 'vitest';
import { countDeadLetters, getDeadLetter, listDeadLetters } from '../dead-letters/dead-letters.ts';
import { readDelayed } from '../delayed/delayed-messages.ts';
import { StaleJobError } from '../errors.ts';
import { openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, ownLane, takeLane, textsOf } from '../testing/fixtures.ts';
import { describeLaneReceiver, type EffectsUnderTest, type LaneReceiverHarness } from '../testing/lane-receiver.conformance.ts';
import { useRedis } from '../testing/use-redis.ts';
import type { LaneJob } from './lane-job.ts';

let session: RedisSession;
let target: string;
useRedis('settle', (it) => {
  ({ session, target } = it);
});

const harness: LaneReceiverHarness<LaneJob> = {
  async openLane(...jobs) {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    const toRecord = (text: string) => ({ partitionKey: text[0]!, data: Buffer.from(text), metadata: {} });
    for (const texts of jobs) await sender.enqueue([{ lane: 0, records: texts.map(toRecord) }], session.epoch);
    const deadLetters = async () => {
      const listed = await listDeadLetters(session, { target });
      const letters = await Promise.all(listed.map(({ id }) => getDeadLetter(session, { target, id })));
      return letters.map((letter) => ({ text: textsOf([letter!.record])[0]!, code: letter!.reason.code }));
    };
    return { receiver: await ownLane(session, { target, lane: 0 }), deadLetters, effects: effectsInRedis };
  },
};

const effectsInRedis: EffectsUnderTest = {
  field: async (key, field) => (await session.client.hget(key, field)) ?? undefined,
  list: (key) => session.client.lrange(key, 0, -1),
  set: async (key, field, value) => void (await session.client.hset(key, field, value)),
  sent: async (sentTo, lane) => {
    const receiver = await takeLane(session, { target: sentTo, lane });
    return (await receiver.take(100)).jobs.flatMap(({ records }) => textsOf(records));
  },
  delayed: async (of) => (await readDelayed(session)).targets.get(of) ?? 0,
};

describeLaneReceiver('Redis', () => harness);

describe('settling', () => {
  it('is one round trip, dead letters included', async () => {
    const lane = await laneOf([1, 2, 3], [4]);
    const { jobs } = await lane.take(2);
    const sent = vi.spyOn(session.client, 'sendCommand');
    await lane.settle([
      { job: jobs[0]!, remaining: [2], deadLetters: [{ index: 0, reason: REASON }] },
      { job: jobs[1]!, remaining: [], deadLetters: [] },
    ]);
    expect(sent.mock.calls.map(([{ name }]) => name.replace('evalsha', 'eval'))).toEqual(['eval']);
    sent.mockRestore();
    expect(await countDeadLetters(session, { target })).toBe(1);
  });

  it('stores nothing of a stale owner, dead letters included', async () => {
    const stale = await laneOf([1, 2]);
    const { jobs } = await stale.take(1);
    await ownLane(session, address());
    const settlement = { job: jobs[0]!, remaining: [1], deadLetters: [{ index: 0, reason: REASON }] };
    await expect(stale.settle([settlement])).rejects.toBeInstanceOf(LeaseLostError);
    expect(await countDeadLetters(session, { target })).toBe(0);
  });

  it('stores nothing of a job that another one has replaced under its id, and settles its neighbour', async () => {
    const lane = await laneOf([1, 2], [3]);
    const { jobs } = await lane.take(2);
    const key = `${laneKeys(address()).jobPrefix}1`;
    const data = JSON.parse((await session.client.hget(key, 'data'))!) as object;
    await session.client.hset(key, 'data', JSON.stringify({ ...data, payload: 'another' }));
    const both = [
      { job: jobs[0]!, remaining: [], deadLetters: [{ index: 0, reason: REASON }] },
      { job: jobs[1]!, remaining: [], deadLetters: [] },
    ];
    await expect(lane.settle(both)).rejects.toBeInstanceOf(StaleJobError);
    expect(await countDeadLetters(session, { target })).toBe(0);
    expect(await session.client.hlen(laneKeys(address()).payloads)).toBe(1);
  });

  it('makes no second dead letter where a Redis that came back older has forgotten that the job was settled', async () => {
    const lane = await laneOf([1, 2]);
    const { jobs } = await lane.take(1);
    const key = `${laneKeys(address()).jobPrefix}1`;
    const before = (await session.client.hget(key, 'data'))!;
    await lane.settle([{ job: jobs[0]!, remaining: [1], deadLetters: [{ index: 0, reason: REASON }] }]);
    const stored = await session.client.hgetall(deadLetterKeys({ target }).jobPrefix + (await onlyLetter()));
    await session.client.hset(key, 'data', before);

    const heir = await takeLane(session, address());
    const again = await heir.take(1);
    await heir.settle([{ job: again.jobs[0]!, remaining: [1], deadLetters: [{ index: 0, reason: REASON }] }]);
    expect(await session.client.hgetall(deadLetterKeys({ target }).jobPrefix + (await onlyLetter()))).toEqual(stored);
  });

  it('never makes a settled record remain again, whatever a later call says', async () => {
    const lane = await laneOf([1, 2, 3]);
    const { jobs } = await lane.take(1);
    await Promise.all([
      lane.settle([{ job: jobs[0]!, remaining: [1, 2], deadLetters: [] }]),
      lane.settle([{ job: jobs[0]!, remaining: [0, 2], deadLetters: [] }]),
    ]);
    await lane.takeOver();
    expect((await lane.take(1)).jobs.map(({ records }) => textsOf(records))).toEqual([['3']]);
  });

  it('refuses the index of a record that the job does not have', async () => {
    const lane = await laneOf([1, 2]);
    const { jobs } = await lane.take(1);
    const settlement = { job: jobs[0]!, remaining: [], deadLetters: [{ index: 2, reason: REASON }] };
    await expect(lane.settle([settlement])).rejects.toThrow('expected the index of a record of job 1, got 2');
    expect(lane.jobsInHand).toBe(1);
  });
});

const REASON: ErrorReport = { code: 'TOO_LARGE', disposition: 'reject', message: 'too large', details: {} };

const address = () => ({ target, lane: 0 });

/** A lane with one job for each list of positions, and its owner. */
async function laneOf(...jobs: readonly number[][]) {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (const positions of jobs) await sender.enqueue([batchOf(positions)], session.epoch);
  return takeLane(session, address());
}

async function onlyLetter(): Promise<string> {
  const [letter, ...others] = await listDeadLetters(session, { target });
  expect(others).toEqual([]);
  return letter!.id;
}
