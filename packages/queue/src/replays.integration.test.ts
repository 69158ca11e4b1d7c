import { systemClock } from '@sluice/core';
import type { FencingToken } from '@sluice/lease';
import { laneKeys, type RedisSession } from '@sluice/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { LaneDisturbedError } from './errors.ts';
import { clearReplayFilter } from './lanes/clear-replay-filter.ts';
import { type LaneSender, openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane, textsOf } from './testing/fixtures.ts';
import { resizeQuietLanes } from './testing/resize-quiet-lanes.ts';
import { delivered, drain } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
let sender: LaneSender;
useRedis('replays', (it) => {
  ({ session, target } = it);
});
beforeEach(async () => {
  sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
});

describe('the replay filter of a lane', () => {
  it('skips what a reader enqueued twice under one token, whole jobs and parts', async () => {
    await push(READER_1, [1, 2], [1, 2], [3, 4], [2, 3, 4, 5], [6]);
    const lane = await own();
    expect(await lane.take(9)).toMatchObject({
      jobs: [{ id: '1' }, { id: '3' }, { id: '4' }, { id: '5' }],
      skipped: { records: 5, jobs: 1 },
    });
    await lane.takeOver();
    expect(await drain(lane)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('skips what a new reader reads again from the checkpoint', async () => {
    await push(READER_1, [1, 2], [3, 4]);
    await push(READER_2, [3, 4, 5]);
    expect(await drain(await own())).toEqual(['1', '2', '3', '4', '5']);
  });

  it('skips an old reader beside its successor, and loses nothing of what it had read further', async () => {
    await push(READER_1, [1, 2]);
    await push(READER_2, [1, 2, 3]);
    await push(READER_1, [3, 4, 5]);
    await push(READER_2, [4], [5, 6]);
    expect(await drain(await own())).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('remembers over owners what was acked, with nothing left in the lane', async () => {
    await push(READER_1, [1, 2], [3]);
    expect(await drain(await own())).toEqual(['1', '2', '3']);
    await push(READER_1, [2, 3, 4]);
    await push(READER_2, [3, 4, 5]);
    expect(await drain(await own())).toEqual(['4', '5']);
    expect(await session.client.hgetall(keys().filter)).toEqual({ 'orders/shard-0/1': JSON.stringify({ token: '2:second', last: '5/0' }) });
    expect(await session.client.exists(keys().acked)).toBe(0);
  });

  it('knows what was acked above a gap when its owner died, and a job is never its own replay', async () => {
    await push(READER_1, [1, 2], [3, 4], [5, 6], [7]);
    const dead = await own();
    const { jobs } = await dead.take(4);
    await dead.settle(delivered([jobs[1]!, jobs[3]!]));
    expect(await session.client.hgetall(keys().filter)).toEqual({});
    expect(Object.keys(await session.client.hgetall(keys().acked)).sort()).toEqual(['2', '4']);

    await push(READER_1, [3, 4], [7, 8]);
    const heir = await own();
    expect(await drain(heir)).toEqual(['1', '2', '5', '6', '8']);
  });

  it('moves on with the lowest job that is left, also where that waits', async () => {
    await push(READER_1, [1], [2], [3]);
    const lane = await own();
    const { jobs } = await lane.take(2);
    await lane.settle(delivered([jobs[1]!]));
    expect(await session.client.hgetall(keys().filter)).toEqual({});
    await lane.handBack([]);
    await lane.settle(delivered((await lane.take(1)).jobs));
    expect(await session.client.hgetall(keys().filter)).toEqual({ 'orders/shard-0/1': JSON.stringify({ token: '1:first', last: '2/0' }) });
  });

  it('keeps shards and records without a source apart', async () => {
    await push(READER_1, [5, 6]);
    await sender.enqueue([batchOf([1, 2], { shardId: 'shard-1' })], session.epoch);
    const { records } = batchOf([5, 6]);
    await sender.enqueue([{ lane: 0, records }], session.epoch);
    expect(await drain(await own())).toEqual(['5', '6', '1', '2', '5', '6']);
  });

  it('compares sequence numbers as numbers, and sub-sequence numbers within them', async () => {
    await push(READER_1, [9], [10], [100]);
    const aggregate = [0, 1, 2].map((subSequenceNumber) => {
      const { origin, ...record } = batchOf([200]).records.at(0)!;
      return { ...record, data: Buffer.from(`200/${subSequenceNumber}`), origin: { ...origin!, subSequenceNumber } };
    });
    const sourceOf = (records: typeof aggregate) => ({
      ...batchOf([200]).source!,
      token: READER_1,
      first: records[0]!.origin,
      last: records.at(-1)!.origin,
    });
    for (const part of [aggregate.slice(0, 2), aggregate])
      await sender.enqueue([{ lane: 0, records: part, source: sourceOf(part) }], session.epoch);
    expect(await drain(await own())).toEqual(['9', '10', '100', '200/0', '200/1', '200/2']);
  });

  it('forgets what it has seen when the number of lanes changes, for its keys are others then', async () => {
    const before = await openLaneSender({ session, target: 'resized', lanes: 2, clock: systemClock });
    const [mine, other] = [batchOf([1, 3], { lane: 0 }), batchOf([2, 4], { lane: 1 })];
    // The page's other half did not get there, so its reader's checkpoint stayed before the page.
    await before.enqueue([mine], session.epoch);
    const lane = { target: 'resized', lane: 0 };
    expect(await drain(await takeLane(session, lane))).toEqual(['1', '3']);

    await resizeQuietLanes(session, { target: 'resized', lanes: 1 });
    const after = await openLaneSender({ session, target: 'resized', lanes: 1, clock: systemClock });
    await after.enqueue([batchOf([1, 2, 3, 4], { token: READER_2 })], session.epoch);
    expect(await drain(await takeLane(session, lane))).toEqual(expect.arrayContaining(textsOf(other.records)));
  });

  it('can be cleared before records are read again on purpose, but not under jobs', async () => {
    await push(READER_1, [1, 2]);
    const lane = await own();
    const clear = (stream: string, shardId: string) => clearReplayFilter(session, { target, lane: 0, stream, shardIds: [shardId] });
    expect(await clear('orders', 'shard-0')).toBe(false);
    expect(await drain(lane)).toEqual(['1', '2']);
    expect([await clear('other', 'shard-0'), await clear('orders', 'shard-1')]).toEqual([true, true]);
    await push(READER_1, [1]);
    await expect(lane.take(1)).rejects.toThrow(LaneDisturbedError);
    await lane.takeOver();
    expect(await drain(lane)).toEqual([]);

    expect(await clear('orders', 'shard-0')).toBe(true);
    await push(READER_1, [1, 2]);
    await lane.takeOver();
    expect(await drain(lane)).toEqual(['1', '2']);
  });
});

describe('of shards that were read to their end', () => {
  const shardIds = Array.from({ length: 12 }, (_, index) => `shard-${index}`);
  const filter = () => session.client.hkeys(keys().filter);
  const pushOf = (shardId: string, positions: readonly number[], token = READER_1) =>
    sender.enqueue([batchOf(positions, { shardId, token })], session.epoch);

  it('a lane remembers nothing once what was in it is gone, reshard after reshard', async () => {
    const lane = await own();
    for (const [index, shardId] of shardIds.entries()) {
      await pushOf(shardId, [1, 2]);
      // Its child is enqueued before the last job of the parent is settled.
      await sender.endShards('orders', [shardId], session.epoch);
      await pushOf(shardIds[index + 1] ?? 'shard-open', [1]);
      await drain(lane);
      await pushOf(shardIds[index + 1] ?? 'shard-open', [2]);
    }
    await drain(lane);
    expect(await filter()).toEqual(['orders/shard-open/1']);
    expect(await session.client.exists(keys().ended)).toBe(0);
  });

  it('an empty lane forgets at once, and others it leaves alone', async () => {
    await pushOf('shard-1', [1]);
    await pushOf('shard-10', [1]);
    await drain(await own());
    await sender.endShards('orders', ['shard-1'], session.epoch);
    await sender.endShards('orders', ['shard-1'], session.epoch);
    expect(await filter()).toEqual(['orders/shard-10/1']);
  });

  it('a lane still knows replays that were in it before', async () => {
    await pushOf('shard-0', [1, 2]);
    await pushOf('shard-0', [1, 2, 3]);
    await sender.endShards('orders', ['shard-0'], session.epoch);
    const dead = await own();
    await dead.settle(delivered((await dead.take(1)).jobs));
    expect(await filter()).toEqual(['orders/shard-0/1']);

    expect(await drain(await own())).toEqual(['3']);
    expect(await filter()).toEqual([]);
  });

  it('a lane forgets also where the jobs were settled out of order', async () => {
    await pushOf('shard-0', [1]);
    await pushOf('shard-0', [2]);
    await sender.endShards('orders', ['shard-0'], session.epoch);
    const lane = await own();
    const { jobs } = await lane.take(2);
    await lane.settle(delivered([jobs[1]!]));
    await lane.settle(delivered([jobs[0]!]));
    expect(await filter()).toEqual([]);
  });
});

const READER_1: FencingToken = { number: 1, owner: 'first' };
const READER_2: FencingToken = { number: 2, owner: 'second' };

const address = () => ({ target, lane: 0 });
const keys = () => laneKeys(address());
const own = () => takeLane(session, address());

async function push(token: FencingToken, ...jobs: readonly (readonly number[])[]): Promise<void> {
  for (const positions of jobs) await sender.enqueue([batchOf(positions, { token })], session.epoch);
}
