/** What a push stores and, where it is refused, does not leave behind: payloads are stored before Redis is asked whether the jobs may be. */
import { silentLogger, systemClock } from '@sluice/core';
import { laneKeys, type RedisSession, targetsKey } from '@sluice/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditLane } from './lanes/audit-lane.ts';
import { type LaneSender, openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane } from './testing/fixtures.ts';
import { drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
let sender: LaneSender;
useRedis('push', (it) => {
  ({ session, target } = it);
});
beforeEach(async () => {
  sender = await openLaneSender({ session, target, lanes: 2, clock: systemClock });
});

const keys = (lane: number) => laneKeys({ target, lane });
const push = () => sender.enqueue([batchOf([1, 2]), batchOf([3], { lane: 1 })], session.epoch);
const payloads = () => Promise.all([0, 1].map((lane) => session.client.hlen(keys(lane).payloads)));

describe('a push', () => {
  it('reaches its lanes also where Redis has forgotten the script', async () => {
    await push();
    await session.client.script('FLUSH');
    await sender.enqueue([batchOf([4])], session.epoch);
    expect(await payloads()).toEqual([2, 1]);
    expect(await drain(await takeLane(session, { target, lane: 0 }))).toEqual(['1', '2', '4']);
  });

  it('leaves nothing behind where the target has another number of lanes', async () => {
    await session.client.hset(targetsKey(), target, '3 resized');
    await expect(push()).rejects.toMatchObject({ code: 'LANES_CHANGED' });
    expect(await payloads()).toEqual([0, 0]);
  });

  it('leaves nothing behind in any lane where a key of one of them is of another type', async () => {
    await session.client.set(keys(1).wait, 'x');
    await expect(push()).rejects.toMatchObject({ code: 'REDIS_COMMAND_FAILED' });
    expect(await payloads()).toEqual([0, 0]);
    expect(await session.client.exists(keys(0).wait, keys(0).newestId, keys(0).gauge)).toBe(0);

    await session.client.del(keys(1).wait);
    await session.client.set(keys(1).payloads, 'x');
    await expect(push()).rejects.toMatchObject({ code: 'REDIS_COMMAND_FAILED' });
    expect(await session.client.hlen(keys(0).payloads)).toBe(0);
    await session.client.del(keys(1).payloads);
    await push();
    expect(await auditLane(session, { target, lane: 0 }, silentLogger)).toMatchObject({ records: 2, orphansRemoved: 0 });
  });
});
