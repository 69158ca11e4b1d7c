import { systemClock } from '@sluice/core';
import { type RedisSession, targetsKey } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { LaneLayoutMismatchError, LanesChangedError } from './errors.ts';
import { recordLanes } from './lanes/lane-count.ts';
import type { LaneLayout } from './lanes/lane-entry.ts';
import { beginLaneResize } from './lanes/resize-lanes.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane } from './testing/fixtures.ts';
import { delivered, drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('layout', (it) => {
  ({ session, target } = it);
});

const openSender = (layout?: LaneLayout) => openLaneSender({ session, target, lanes: 2, layout, clock: systemClock, pressureMaxAgeMs: 0 });
const entry = () => session.client.hget(targetsKey(), target);
const push = (sender: Awaited<ReturnType<typeof openSender>>, number: number) =>
  sender.enqueue([batchOf([number], { lane: 1 })], session.epoch);

async function lay(layout: LaneLayout): Promise<void> {
  const resize = await beginLaneResize(session, { target, lanes: 2, layout });
  await resize.announce();
  expect(await resize.close(await resize.contents())).toBe(true);
  await resize.finish();
}

describe('lanes laid by shard', () => {
  it('are so from their first use, or while nothing was ever put into them', async () => {
    expect((await openSender('shard')).layout).toBe('shard');
    expect(await entry()).toBe('2 laid by shard');
    await session.client.hset(targetsKey(), target, '2');
    expect(await recordLanes(session, { target, lanes: 2, layout: 'shard' })).toMatchObject({ lanes: 2, layout: 'shard' });
    expect(await entry()).toBe('2 laid by shard');
  });

  it('are refused where records were laid by key, also when the lanes are empty', async () => {
    await push(await openSender('key'), 1);
    await expect(openSender('shard')).rejects.toThrow(LaneLayoutMismatchError);
    await expect(openSender('shard')).rejects.toThrow(`sluice lanes resize ${target} 2 --by shard`);
    expect(await drain(await takeLane(session, { target, lane: 1 }))).toEqual(['1']);
    await expect(openSender('shard')).rejects.toThrow(LaneLayoutMismatchError);
    expect(await entry()).toBe('2');
  });

  it('are laid so by an operator; a reader that was open before learns it from a refusal, others send as they did', async () => {
    const [reader, client] = [await openSender('key'), await openSender()];
    await push(reader, 1);
    expect(await drain(await takeLane(session, { target, lane: 1 }))).toEqual(['1']);
    await lay('shard');
    expect(await entry()).toBe('2 laid by shard resized');
    await expect(push(reader, 2)).rejects.toThrow(LanesChangedError);
    expect([reader.layout, reader.lanes]).toEqual(['shard', 2]);
    await push(reader, 2);
    await push(client, 3);
    expect(await drain(await takeLane(session, { target, lane: 1 }))).toEqual(['2', '3']);
    expect((await openSender('shard')).layout).toBe('shard');
  });

  it('are laid by key again, and a number of an operator leaves them as they are', async () => {
    await openSender('shard');
    const resize = await beginLaneResize(session, { target, lanes: 2 });
    await resize.announce();
    expect(await resize.close(await resize.contents())).toBe(true);
    await resize.finish();
    expect(await entry()).toBe('2 laid by shard resized');
    const reader = await openSender('key');
    expect(reader.layout).toBe('shard');
    await lay('key');
    await expect(push(reader, 1)).rejects.toThrow(LanesChangedError);
    expect(reader.layout).toBe('key');
    expect(await entry()).toBe('2 resized');
  });
});

describe('a barrier', () => {
  it('is passed once what was in its lanes has left them, whatever comes after it', async () => {
    const sender = await openSender('shard');
    const key = ['a', 'b', 'c'].find((one) => sender.laneOf(one) === 1)!;
    await push(sender, 1);
    const barrier = sender.barrier([key]);
    expect(await barrier.isPassed(session.epoch)).toBe(false);
    await push(sender, 2);
    const lane = await takeLane(session, { target, lane: 1 });
    const { jobs } = await lane.take(1);
    expect(await barrier.isPassed(session.epoch)).toBe(false);
    await lane.settle(delivered(jobs));
    expect(await barrier.isPassed(session.epoch)).toBe(true);
    expect(await sender.barrier([key]).isPassed(session.epoch)).toBe(false);
  });

  it('is passed once its lanes are no more', async () => {
    await openSender('shard');
    const sender = await openSender('key');
    await push(sender, 1);
    const barrier = sender.barrier(['a', 'b', 'c']);
    expect(await barrier.isPassed(session.epoch)).toBe(false);
    expect(await drain(await takeLane(session, { target, lane: 1 }))).toEqual(['1']);
    await lay('key');
    await expect(push(sender, 2)).rejects.toThrow(LanesChangedError);
    await push(sender, 2);
    expect(await barrier.isPassed(session.epoch)).toBe(true);
  });
});
