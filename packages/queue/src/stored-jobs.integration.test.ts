import { systemClock } from '@sluice/core';
import { laneKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { readLaneCounts } from './lanes/lane-counts.ts';
import { dropStoredJob, examineStoredJob, listStoredJobs } from './lanes/stored-jobs.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane } from './testing/fixtures.ts';
import { drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('stored jobs', (it) => {
  ({ session, target } = it);
});

const address = () => ({ target, lane: 0 });
const list = (offset = 0, count = 10) => listStoredJobs(session, { ...address(), offset, count });
const examine = async (id: string) => (await examineStoredJob(session, address(), id))!;

async function fill(jobs: number): Promise<void> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (let job = 1; job <= jobs; job++) await sender.enqueue([batchOf([job])], session.epoch);
}

async function losePayload(id: string): Promise<void> {
  const { data } = await examine(id);
  await session.client.hdel(laneKeys(address()).payloads, data!.payload);
}

describe('the jobs of a lane', () => {
  it('are listed in the order in which they leave it, those in hand first', async () => {
    await fill(5);
    await (await takeLane(session, address())).take(2);
    expect((await list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
      '1 active',
      '2 active',
      '3 waiting',
      '4 waiting',
      '5 waiting',
    ]);
    expect((await list(1, 2)).map(({ id }) => id)).toEqual(['2', '3']);
    expect((await list(3, 10)).map(({ id }) => id)).toEqual(['4', '5']);
    expect((await list(5, 10)).map(({ id }) => id)).toEqual([]);
    expect((await list())[0]).toMatchObject({ hasPayload: true, data: { records: 1 } });
  });

  it('without a payload is dropped, also from the hand of its owner, whose lane goes on', async () => {
    await fill(3);
    await losePayload('2');
    const owner = await takeLane(session, address());
    await expect(drain(owner)).rejects.toMatchObject({ code: 'PAYLOAD_MISSING' });
    expect(await examine('2')).toMatchObject({ state: 'active', fault: 'payload missing', hasPayload: false });

    expect(await dropStoredJob(session, address(), await examine('2'))).toBe('dropped');

    // What the owner does with any failure: it takes its lane over.
    await owner.takeOver();
    expect(await drain(owner)).toEqual(['3']);
    expect(await readLaneCounts(session, { target })).toMatchObject([{ waiting: 0, active: 0, records: 0, bytes: 0 }]);
  });

  it('whose payload cannot be read is dropped once its lane is held up or has no owner', async () => {
    await fill(2);
    const { data } = await examine('1');
    await session.client.hset(laneKeys(address()).payloads, data!.payload, 'of another version');
    const owner = await takeLane(session, address());
    const examined = await examine('1');
    expect(examined.fault).toBe('payload unreadable');
    expect(await dropStoredJob(session, address(), examined)).toBe('inUse');
    const reason = { code: 'PAYLOAD_MALFORMED', disposition: 'retry', message: 'unreadable', details: {} } as const;
    await owner.handBack([], { reason, blockForMs: 60_000 });

    expect(await dropStoredJob(session, address(), examined)).toBe('dropped');

    await owner.takeOver();
    expect(await drain(owner)).toEqual(['2']);
    expect(await session.client.hlen(laneKeys(address()).payloads)).toBe(0);
  });

  it('is kept where it can be delivered, and where it is not as it was examined', async () => {
    await fill(2);
    expect((await examine('1')).fault).toBeUndefined();
    await expect(dropStoredJob(session, address(), await examine('1'))).rejects.toThrow('expected a job that cannot be delivered');
    const before = await examine('1');
    await losePayload('1');
    const examined = await examine('1');
    // Its payload was put back from a backup meanwhile.
    await session.client.hset(laneKeys(address()).payloads, before.data!.payload, 'x');
    expect(await dropStoredJob(session, address(), examined)).toBe('changed');
    expect(await examineStoredJob(session, address(), '9')).toBeUndefined();
    expect((await list()).map(({ id }) => id)).toEqual(['1', '2']);
  });
});
