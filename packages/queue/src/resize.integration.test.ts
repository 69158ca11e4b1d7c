import { systemClock } from '@sluice/core';
import { laneKeys, type RedisSession, targetsKey } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { applyEffects } from './effects/apply-effects.ts';
import { LanesChangedError, LanesResizingError } from './errors.ts';
import { laneOf } from './lanes/lane-of.ts';
import { beginLaneResize } from './lanes/resize-lanes.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane } from './testing/fixtures.ts';
import { drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('resize', (it) => {
  ({ session, target } = it);
});

const openSender = (lanes: number) => openLaneSender({ session, target, lanes, clock: systemClock, pressureMaxAgeMs: 0 });
const begin = (lanes: number) => beginLaneResize(session, { target, lanes });
const entry = () => session.client.hget(targetsKey(), target);

describe('another number of lanes', () => {
  it('is learned by a sender that was open before, from a refusal of all it sent', async () => {
    const sender = await openSender(8);
    const resize = await begin(3);
    await resize.announce();
    expect((await sender.pressure()).isOverHighWater).toBe(true);
    expect(await resize.close(await resize.contents())).toBe(true);
    await expect(sender.enqueue([batchOf([1], { lane: 5 }), batchOf([2], { lane: 1 })], session.epoch)).rejects.toThrow(LanesChangedError);
    expect(sender.lanes).toBe(8);
    await resize.finish();
    expect(await entry()).toBe('3 resized');
    await expect(sender.enqueue([batchOf([1], { lane: 5 })], session.epoch)).rejects.toThrow(LanesChangedError);
    expect(sender.lanes).toBe(3);

    await sender.enqueue([batchOf([1], { lane: 2 })], session.epoch);
    expect((await sender.pressure()).isOverHighWater).toBe(false);
    expect(await drain(await takeLane(session, { target, lane: 2 }))).toEqual(['1']);
    expect(await session.client.keys(`*{${target}/5}*payloads`)).toEqual([]);
  });

  it('does not come while something is in a lane, or was put there after it was looked at', async () => {
    const sender = await openSender(2);
    const resize = await begin(4);
    await resize.announce();
    const seen = await resize.contents();
    await sender.enqueue([batchOf([1], { lane: 1 })], session.epoch);
    expect(await resize.close(await resize.contents())).toBe(false);
    expect(await drain(await takeLane(session, { target, lane: 1 }))).toEqual(['1']);
    expect(await resize.close(seen)).toBe(false);
    expect(await resize.close(await resize.contents())).toBe(true);
  });

  it('is one operator’s at a time, until that one is gone', async () => {
    await openSender(2);
    const first = await begin(4);
    await first.announce();
    await expect(begin(5)).rejects.toThrow(LanesResizingError);
    await first.withdraw();
    const second = await begin(5);
    await second.announce();
    await expect(first.announce()).rejects.toThrow(LanesResizingError);
    // Killed, and long gone.
    await session.client.hset(targetsKey(), target, (await entry())!.replace(/until \d+/, 'until 1'));
    expect((await (await openSender(2)).pressure()).isOverHighWater).toBe(false);
    const third = await begin(6);
    await third.announce();
    expect(await third.close(await third.contents())).toBe(true);
    await session.client.hset(targetsKey(), target, (await entry())!.replace(/until \d+/, 'until 1'));
    const fourth = await begin(6);
    expect(fourth.isClosed).toBe(true);
    await fourth.finish();
    expect(await entry()).toBe('6 resized');
    await expect(third.finish()).rejects.toThrow(LanesResizingError);
  });

  it('is learned by who commits messages for it, who need not repeat anything', async () => {
    await openSender(8);
    const send = () =>
      applyEffects(
        session,
        { target: 'sender', lane: 0 },
        {
          guards: [],
          operations: [{ type: 'send', target, lanes: 8, records: [{ partitionKey: 'key-1', data: Buffer.from('x'), metadata: {} }] }],
        },
        systemClock,
      );
    await send();
    await drain(await takeLane(session, { target, lane: laneOf('key-1', 8) }));
    const resize = await begin(3);
    await resize.announce();
    expect(await resize.close(await resize.contents())).toBe(true);
    const sent = send();
    await resize.finish();
    await sent;
    expect(await session.client.llen(laneKeys({ target, lane: laneOf('key-1', 3) }).wait)).toBe(1);
  });
});
