/** A Redis that has reached its `maxmemory` and evicts nothing: it refuses what would make it larger, and must still be emptied. */
import { type ErrorReport, silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore } from '@sluice/lease';
import { type LaneAddress, laneLeaseKey, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDeadLetters } from './dead-letters/dead-letters.ts';
import { fireDelayed } from './delayed/delayed-messages.ts';
import { readLaneCounts } from './lanes/lane-counts.ts';
import { openLaneReceiver } from './receiver/open-lane-receiver.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, connectTo, textsOf } from './testing/fixtures.ts';
import { delivered } from './testing/settlements.ts';

let redis: RedisServer;
let session: RedisSession;
beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectTo(redis.url);
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe('a full Redis', () => {
  it('refuses new batches, and gives out and completes those that it has', async () => {
    const address = { target: 'full', lane: 0 };
    const sender = await openLaneSender({ session, target: 'full', lanes: 1, clock: systemClock });
    for (const position of [1, 3, 5]) await sender.enqueue([batchOf([position, position + 1])], session.epoch);
    await fill();

    await expect(sender.enqueue([batchOf([7])], session.epoch)).rejects.toMatchObject({ code: 'REDIS_BUSY' });
    const lane = await claimLane(address);
    await lane.takeOver();
    const first = await lane.take(1);
    expect(textsOf(first.jobs[0]!.records)).toEqual(['1', '2']);
    await lane.settle(delivered(first.jobs));
    const second = await lane.take(2);
    await lane.handBack([{ job: second.jobs[0]!, remaining: [1] }]);
    const third = await lane.take(2);
    expect(third.jobs.flatMap(({ records }) => textsOf(records))).toEqual(['4', '5', '6']);
    const reason: ErrorReport = { code: 'BAD', disposition: 'reject', message: 'bad', details: {} };
    await lane.settle([{ job: third.jobs[0]!, remaining: [], deadLetters: [{ index: 1, reason }] }]);
    await lane.settle([{ job: third.jobs[1]!, remaining: [], deadLetters: [] }]);
    expect(await sender.pressure()).toMatchObject({ records: 0, bytes: 0 });
    expect(await listDeadLetters(session, { target: 'full' })).toMatchObject([{ reason: { code: 'BAD' } }]);
  });

  it('takes the commit of what it has, what that sends included, and sends what is due', async () => {
    await session.client.config('SET', 'maxmemory', '0');
    const sender = await openLaneSender({ session, target: 'full-function', lanes: 1, clock: systemClock });
    await sender.enqueue([batchOf([1])], session.epoch);
    await openLaneSender({ session, target: 'full-egress', lanes: 1, clock: systemClock });
    await fill();
    const lane = await claimLane({ target: 'full-function', lane: 0 });
    await lane.takeOver();
    const { jobs } = await lane.take(1);
    const record = { partitionKey: 'k', data: Buffer.from('x'), metadata: {} };
    const to = { target: 'full-egress', lanes: 1 };
    await lane.settle(delivered(jobs), {
      guards: [],
      operations: [
        { type: 'send', ...to, records: [record] },
        { type: 'delay', ...to, record, delayMs: 0, sender: 'me', token: 't' },
      ],
    });
    const fire = () => fireDelayed(session, { clock: systemClock, epoch: session.epoch });
    await until('the delayed message', async () => (await fire()).fired === 1);
    expect(await readLaneCounts(session, { target: 'full-egress' })).toMatchObject([{ waiting: 2, records: 2 }]);
  });

  it('still passes leases on', async () => {
    await fill();
    const store = createRedisLeaseStore(session);
    const { epoch } = store;
    const key = laneLeaseKey({ target: 'full', lane: 7 });
    const claim = await store.claim({ epoch, key, worker: 'ada', ttlMs: 60_000 });
    if (claim.outcome !== 'claimed') throw new Error(`expected a lease, it is ${claim.outcome}`);
    const held = [{ key, token: claim.token }];
    expect(await store.pulse({ epoch, group: 'full:group', worker: 'ada', ttlMs: 60_000, isMember: true, held })).toEqual({
      members: ['ada'],
      leases: ['renewed'],
    });
    await store.release({ epoch, group: 'full:group', key, token: claim.token, successor: 'bob' });
    expect(await store.survey(epoch, [key])).toMatchObject([{ state: 'reserved', worker: 'bob' }]);
  });
});

async function claimLane(address: LaneAddress) {
  const { epoch } = session;
  const key = laneLeaseKey(address);
  const claim = await createRedisLeaseStore(session).claim({ epoch, key, worker: 'ada', ttlMs: 60_000 });
  if (claim.outcome !== 'claimed') throw new Error(`expected a lease, it is ${claim.outcome}`);
  return openLaneReceiver({ session, ...address, lease: { token: claim.token, epoch }, clock: systemClock, logger: silentLogger });
}

/** Sets the limit to below what is used. */
async function fill(): Promise<void> {
  await session.client.config('SET', 'maxmemory-policy', 'noeviction');
  await session.client.config('SET', 'maxmemory', '512kb');
}
