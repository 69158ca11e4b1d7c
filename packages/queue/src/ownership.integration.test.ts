// Long: one story after another of the same two owners.
import { type ErrorReport, systemClock } from '@sluice/core';
import { LeaseLostError } from '@sluice/lease';
import { deadLetterKeys, laneKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { LaneCommands } from './bull/lane-commands.ts';
import { laneScripts } from './bull/lane-scripts.ts';
import { countDeadLetters } from './dead-letters/dead-letters.ts';
import { LaneDisturbedError, StaleJobError } from './errors.ts';
import { readLaneCounts } from './lanes/lane-counts.ts';
import type { LaneReceiver } from './receiver/lane-receiver.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, ownLane, takeLane, textsOf } from './testing/fixtures.ts';
import { delivered, drain, rejected, remaining } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('ownership', (it) => {
  ({ session, target } = it);
});

describe('a take-over', () => {
  it('keeps the order of the lane when its owner dies with several jobs in hand', async () => {
    await fill(6);
    const dead = await takeLane(session, address());
    await dead.take(4);

    const heir = await ownLane(session, address());
    expect(await heir.takeOver()).toEqual({ returned: 4, blockedForMs: 0 });
    expect(await drain(heir)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('redelivers nothing that was acked out of order, and loses nothing', async () => {
    await fill(6);
    const dead = await takeLane(session, address());
    const { jobs } = await dead.take(5);
    await dead.settle(delivered([jobs[4]!, jobs[1]!]));
    await dead.settle(delivered([jobs[2]!]));

    expect(await drain(await takeLane(session, address()))).toEqual(['1', '4', '6']);
  });

  it('redelivers nothing that was marked, and numbers the rest as before', async () => {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    await sender.enqueue([batchOf([1, 2, 3, 4, 5]), batchOf([6, 7])], session.epoch);
    const dead = await takeLane(session, address());
    const { jobs } = await dead.take(2);
    await dead.settle(
      remaining([
        { job: jobs[0]!, remaining: [1, 3, 4] },
        { job: jobs[1]!, remaining: [1] },
      ]),
    );
    await dead.settle(remaining([{ job: jobs[0]!, remaining: [1, 4] }]));
    expect(dead.jobsInHand).toBe(2);

    const heir = await takeLane(session, address());
    await expect(dead.settle(remaining([{ job: jobs[0]!, remaining: [4] }]))).rejects.toBeInstanceOf(LeaseLostError);
    const { jobs: left } = await heir.take(2);
    expect(left.map((job) => [textsOf(job.records), job.indexes])).toEqual([
      [
        ['2', '5'],
        [1, 4],
      ],
      [['7'], [1]],
    ]);
    await heir.settle(delivered(left));
    expect(await drain(heir)).toEqual([]);
  });

  it('may be made again at any time: what was in hand comes again', async () => {
    await fill(3);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    expect(await lane.takeOver()).toEqual({ returned: 2, blockedForMs: 0 });

    await expect(lane.settle(delivered(jobs))).rejects.toThrow(StaleJobError);
    expect(await drain(lane)).toEqual(['1', '2', '3']);
  });

  it('comes first', async () => {
    const lane = await ownLane(session, address());
    await expect(lane.take(1)).rejects.toThrow(LaneDisturbedError);
  });

  it('drops ids whose job somebody has deleted', async () => {
    await fill(3);
    const dead = await takeLane(session, address());
    await dead.take(2);
    await session.client.del(`${keys().jobPrefix}1`);

    const heir = await ownLane(session, address());
    expect(await heir.takeOver()).toEqual({ returned: 1, blockedForMs: 0 });
    expect(await drain(heir)).toEqual(['2', '3']);
  });
});

describe('an owner that lost its lease', () => {
  const commands: [string, (lane: LaneReceiver) => Promise<unknown>][] = [
    ['takes nothing', (lane) => lane.take(1)],
    ['cannot take over', (lane) => lane.takeOver()],
  ];
  it.each(commands)('%s', async (_, command) => {
    await fill(3);
    const stale = await takeLane(session, address());
    await stale.take(1);
    const heir = await takeLane(session, address());
    const { jobs } = await heir.take(1);

    await expect(command(stale)).rejects.toThrow(LeaseLostError);
    await heir.settle(delivered(jobs));
    expect(await drain(heir)).toEqual(['2', '3']);
  });

  it.each([
    ['before its heir took over', false],
    ['after', true],
  ])('acks, hands back and rejects nothing, %s', async (_, isTakenOver) => {
    await fill(3);
    const stale = await takeLane(session, address());
    const { jobs } = await stale.take(2);
    const heir = await ownLane(session, address());
    if (isTakenOver) await heir.takeOver();

    await expect(stale.settle(delivered([jobs[0]!]))).rejects.toThrow(LeaseLostError);
    await expect(stale.settle([rejected(jobs[0]!, [{ index: 0, reason: REASON }])])).rejects.toThrow(LeaseLostError);
    await expect(stale.handBack([{ job: jobs[0]!, remaining: [0] }], { reason: REASON, blockForMs: 60_000 })).rejects.toThrow(
      LeaseLostError,
    );

    if (!isTakenOver) await heir.takeOver();
    expect(await readLaneCounts(session, { target })).toMatchObject([{ waiting: 3, active: 0, records: 3, blockedForMs: 0 }]);
    expect(await countDeadLetters(session, { target })).toBe(0);
    const { jobs: again } = await heir.take(3);
    expect(again.map(({ attempts, records }) => [attempts, ...textsOf(records)])).toEqual([
      [0, '1'],
      [0, '2'],
      [0, '3'],
    ]);
  });

  it('does not take the payloads that its heir has dealt with for lost', async () => {
    await fill(1);
    const commands = new LaneCommands(laneScripts(session), keys(), deadLetterKeys({ target }), {
      token: { number: 1, owner: 'stale' },
      epoch: session.epoch,
    });
    const heir = await takeLane(session, address());
    const { jobs } = await heir.take(1);
    await heir.settle(delivered(jobs));

    const data = { target, lane: 0, records: 1, bytes: 1, enqueuedAt: '', attempts: 0, payload: 'gone' };
    await expect(commands.payloads([data])).rejects.toBeInstanceOf(LeaseLostError);
  });

  it('is refused also where its token number was given again by a Redis that came back older', async () => {
    await fill(2);
    const stale = await takeLane(session, address());
    const { jobs } = await stale.take(1);
    await session.client.hset(keys().lease, 'owner', 'somebody else with the same number');
    await expect(stale.settle(delivered(jobs))).rejects.toThrow(LeaseLostError);
  });
});

describe('what is not as the owner left it', () => {
  it('a job that hangs elsewhere is noticed, and taken in its turn after a take-over', async () => {
    await fill(4);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(1);
    await session.client.lmove(keys().wait, keys().active, 'RIGHT', 'LEFT');

    await expect(lane.take(1)).rejects.toThrow(LaneDisturbedError);
    await lane.settle(delivered(jobs));
    expect(await lane.takeOver()).toEqual({ returned: 2, blockedForMs: 0 });
    expect(await drain(lane)).toEqual(['2', '3', '4']);
  });

  it('is never seen in an ack that is sent right behind a take', async () => {
    await fill(100);
    const lane = await takeLane(session, address());
    const texts: string[] = [];
    let { jobs } = await lane.take(1);
    for (let round = 0; jobs.length > 0; round++) {
      texts.push(...jobs.flatMap(({ records }) => textsOf(records)));
      const next = lane.take(1);
      // Some number of turns later the take has just left, and both answers come together.
      for (let turn = 0; turn < round; turn++) await undefined;
      [{ jobs }] = await Promise.all([next, lane.settle(delivered(jobs))]);
    }
    expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
  });

  it('a job that is missing from the lane is noticed once', async () => {
    const sender = await fill(1);
    const lane = await takeLane(session, address());
    await sender.enqueue([batchOf([2])], session.epoch);
    await sender.enqueue([batchOf([3])], session.epoch);
    await session.client.lrem(keys().wait, 1, '2');

    expect((await lane.take(1)).jobs).toHaveLength(1);
    await expect(lane.take(1)).rejects.toThrow(LaneDisturbedError);
    await lane.takeOver();
    expect(await drain(lane)).toEqual(['1', '3']);
  });

  it('a job that bears the id of another one is not acked in its stead', async () => {
    await fill(1);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(1);
    const key = `${keys().jobPrefix}1`;
    const data = JSON.parse((await session.client.hget(key, 'data'))!) as object;
    await session.client.hset(key, 'data', JSON.stringify({ ...data, payload: 'another' }));

    await expect(lane.settle(delivered(jobs))).rejects.toThrow(StaleJobError);
    expect(await session.client.exists(key)).toBe(1);
  });

  it('a foreign BullMQ worker gets nothing out of a lane', async () => {
    await fill(2);
    const lane = await takeLane(session, address());
    expect((await lane.take(1)).jobs).toHaveLength(1);
    const { Worker } = await import('bullmq');
    const { queueName, bullPrefix } = keys();
    const connection = session.client.duplicate({ maxRetriesPerRequest: null });
    const worker = new Worker(queueName, null, {
      connection,
      prefix: bullPrefix,
      autorun: false,
    });
    expect(await worker.getNextJob('token', { block: false })).toBeUndefined();
    await worker.close();
    connection.disconnect();
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
