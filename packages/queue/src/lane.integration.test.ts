import { systemClock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { laneKeys, type RedisSession } from '@sluice/redis';
import { Stopwatch } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { LaneCountMismatchError, LanesNotDrainedError } from './errors.ts';
import { JOB_OVERHEAD_BYTES } from './job-overhead.ts';
import { readLaneAges } from './lanes/lane-ages.ts';
import { listLanes, listTargets } from './lanes/lane-count.ts';
import { readLaneCounts } from './lanes/lane-counts.ts';
import type { LaneJob } from './receiver/lane-job.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, plainOf, takeLane, textsOf } from './testing/fixtures.ts';
import { resizeQuietLanes } from './testing/resize-quiet-lanes.ts';
import { delivered } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('egress/test', (it) => {
  ({ session, target } = it);
});

describe('a lane', () => {
  it('gives its jobs in the order in which they came, and forgets those that are acked', async () => {
    const sender = await senderOf({ lanes: 2 });
    await sender.enqueue([batchOf([1, 2], { lane: 1 }), batchOf([3], { lane: 0, shardId: 'shard-1' })], session.epoch);
    await sender.enqueue([batchOf([4], { lane: 1 })], session.epoch);

    const lane = await takeLane(session, { target, lane: 1 });
    const { jobs, blockedForMs, skipped } = await lane.take(10);
    expect({ jobs: jobs.map(({ records }) => textsOf(records)), blockedForMs, skipped }).toEqual({
      jobs: [['1', '2'], ['4']],
      blockedForMs: 0,
      skipped: { records: 0, jobs: 0 },
    });

    await lane.settle(delivered(jobs));
    expect(await readLaneCounts(session, { target })).toMatchObject([
      { lane: 0, waiting: 1, active: 0, records: 1, enqueued: 1 },
      { lane: 1, waiting: 0, active: 0, records: 0, bytes: 0, enqueued: 2 },
    ]);
    expect(await keysLike(laneKeys({ target, lane: 1 }).jobPrefix, /\d$|lock$/)).toEqual([]);
    expect(await session.client.hlen(laneKeys({ target, lane: 1 }).payloads)).toBe(0);
  });

  it('gives records as they were enqueued', async () => {
    const sender = await senderOf();
    const record = {
      partitionKey: 'clé 😀',
      explicitHashKey: '340282366920938463463374607431768211455',
      data: Buffer.from([0, 255, 13, 10]),
      metadata: { kinesis_stream: 'orders', nested: { a: [1, null] } },
      stream: 'elsewhere',
    };
    await sender.enqueue([{ lane: 0, records: [record] }], session.epoch);

    const [{ records, ...job }] = (await (await takeLane(session, { target, lane: 0 })).take(1)).jobs as [LaneJob];
    expect(job).toEqual({ id: '1', attempts: 0, enqueuedAtMs: expect.any(Number), bytes: expect.any(Number), indexes: [0] });
    expect(plainOf(records)).toEqual([record]);
  });

  it('cuts a batch into jobs of at most 500 records and 1 MiB, each with its own positions', async () => {
    const sender = await senderOf();
    const positions = Array.from({ length: 1_201 }, (_, index) => index + 1);
    const { records, ...batch } = batchOf(positions);
    const large = Array.from(records, (record, index) => (index === 1_200 ? { ...record, data: Buffer.alloc(1_048_576) } : record));
    await sender.enqueue([{ ...batch, records: large }], session.epoch);

    const { jobs } = await (await takeLane(session, { target, lane: 0 })).take(10);
    expect(jobs.map(({ records: taken, source }) => [taken.length, source?.first.sequenceNumber, source?.last.sequenceNumber])).toEqual([
      [500, '1', '500'],
      [500, '501', '1000'],
      [200, '1001', '1200'],
      [1, '1201', '1201'],
    ]);
  });

  it('shows on a job what a person wants to see', async () => {
    const clock = new ManualClock(Date.parse('2026-01-02T03:04:05Z'));
    const sender = await openLaneSender({ session, target, lanes: 1, clock });
    await sender.enqueue([batchOf([7, 8, 9])], session.epoch);

    const { name, data, timestamp } = (await session.client.hgetall(`${laneKeys({ target, lane: 0 }).jobPrefix}1`)) as Record<
      string,
      string
    >;
    expect({ name, timestamp, data: JSON.parse(data!) }).toEqual({
      name: '3 records of shard-0',
      timestamp: String(clock.now()),
      data: {
        target,
        lane: 0,
        records: 3,
        bytes: expect.any(Number),
        source: { stream: 'orders', shard: 'shard-0', lanes: 1, token: '1:reader', first: '7/0', last: '9/0' },
        enqueuedAt: '2026-01-02T03:04:05.000Z',
        attempts: 0,
        payload: expect.stringMatching(/^[0-9a-f]{24}$/),
      },
    });
  });

  it('takes no more than it is asked for, and nothing from an empty lane', async () => {
    const sender = await senderOf();
    const lane = await takeLane(session, { target, lane: 0 });
    expect(await lane.take(3)).toEqual({ jobs: [], blockedForMs: 0, skipped: { records: 0, jobs: 0 } });
    for (const position of [1, 2, 3]) await sender.enqueue([batchOf([position])], session.epoch);

    expect((await lane.take(2)).jobs.map(({ id }) => id)).toEqual(['1', '2']);
    expect((await lane.take(2)).jobs.map(({ id }) => id)).toEqual(['3']);
    expect(lane.jobsInHand).toBe(3);
  });

  it('is silent while an operator has paused its queue', async () => {
    const sender = await senderOf();
    const lane = await takeLane(session, { target, lane: 0 });
    await sender.enqueue([batchOf([1])], session.epoch);
    await session.client.hset(laneKeys({ target, lane: 0 }).meta, 'paused', 1);
    expect(await lane.take(1)).toMatchObject({ jobs: [], blockedForMs: 1_000 });

    await session.client.hdel(laneKeys({ target, lane: 0 }).meta, 'paused');
    expect((await lane.take(1)).jobs).toHaveLength(1);
  });

  it('wakes its owner soon after something was pushed', async () => {
    const sender = await senderOf({ lanes: 8 });
    const lanes = await Promise.all(Array.from({ length: 8 }, (_, lane) => takeLane(session, { target, lane })));
    const { signal } = new AbortController();
    const woken = lanes.map(async (lane, index) => {
      await lane.waitForWork(signal);
      return index;
    });
    using stopwatch = new Stopwatch();
    await sender.enqueue([batchOf([1], { lane: 5 })], session.epoch);

    await expect(Promise.race(woken)).resolves.toBe(5);
    expect(stopwatch.stop()).toBeLessThan(500);
    await lanes[5]!.waitForWork(signal);
  });

  it('stops waiting when it is told to', async () => {
    await senderOf();
    const lane = await takeLane(session, { target, lane: 0 });
    const controller = new AbortController();
    const waiting = lane.waitForWork(controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});

describe('the number of lanes', () => {
  it('is recorded at first use, and another one is refused with the way to change it', async () => {
    await senderOf({ lanes: 4 });
    await senderOf({ lanes: 4 });
    const refused = await senderOf({ lanes: 8 }).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(LaneCountMismatchError);
    expect(refused).toMatchObject({ disposition: 'fatal', details: { target, configured: 8, recorded: 4 } });
    expect((refused as Error).message).toMatchInlineSnapshot(
      `"target egress/test-9 has 4 lanes, but 8 are configured; a key would change its lane and be delivered out of order. Configure 4, or give the target another number, also while workers run: \`sluice lanes resize egress/test-9 8\`"`,
    );
  });

  it('is changed only while the lanes are empty', async () => {
    const sender = await senderOf({ lanes: 2 });
    await sender.enqueue([batchOf([1], { lane: 1 })], session.epoch);
    await expect(resizeQuietLanes(session, { target, lanes: 3 })).rejects.toThrow(LanesNotDrainedError);
    const lane = await takeLane(session, { target, lane: 1 });
    await lane.settle(delivered((await lane.take(1)).jobs));

    await resizeQuietLanes(session, { target, lanes: 3 });
    expect((await listTargets(session)).find((listed) => listed.target === target)).toEqual({ target, lanes: 3, layout: 'key' });
    expect((await listLanes(session)).filter((listed) => listed.target === target).map(({ queueName }) => queueName)).toEqual([
      `${target} lane 00`,
      `${target} lane 01`,
      `${target} lane 02`,
    ]);
    // The number of the operator counts, whatever is configured.
    expect((await senderOf({ lanes: 2 })).lanes).toBe(3);
  });
});

describe('the pressure of a target', () => {
  it('counts records and bytes of all lanes until they are acked', async () => {
    const sender = await senderOf({ lanes: 2, pressureMaxAgeMs: 0 });
    await sender.enqueue([batchOf([1, 2], { lane: 0 }), batchOf([3], { lane: 1 })], session.epoch);
    const lane = await takeLane(session, { target, lane: 0 });
    const { jobs } = await lane.take(1);
    const [inHand, waiting] = await readLaneCounts(session, { target });
    expect(inHand!.bytes).toBe(jobs[0]!.bytes + JOB_OVERHEAD_BYTES);
    expect(await sender.pressure()).toEqual({ records: 3, bytes: inHand!.bytes + waiting!.bytes, isOverHighWater: false });

    await lane.settle(delivered(jobs));
    expect(await sender.pressure()).toEqual({ records: 1, bytes: waiting!.bytes, isOverHighWater: false });
  });

  it('is high from the high mark until the low one', async () => {
    const waterMarks = { highRecords: 3, lowRecords: 1, highBytes: 1e9, lowBytes: 1e9 };
    const sender = await senderOf({ pressureMaxAgeMs: 0, waterMarks });
    const lane = await takeLane(session, { target, lane: 0 });
    const seen: boolean[] = [];
    const look = async () => seen.push((await sender.pressure()).isOverHighWater);
    for (const position of [1, 2, 3]) {
      await sender.enqueue([batchOf([position])], session.epoch);
      await look();
    }
    for (const job of (await lane.take(3)).jobs) {
      await lane.settle(delivered([job]));
      await look();
    }
    expect(seen).toEqual([false, false, true, true, false, false]);
  });

  it('is asked of Redis only every now and then', async () => {
    const clock = new ManualClock();
    const sender = await openLaneSender({ session, target, lanes: 1, clock, pressureMaxAgeMs: 100 });
    expect(await sender.pressure()).toMatchObject({ records: 0 });
    await sender.enqueue([batchOf([1])], session.epoch);
    clock.advance(99);
    expect(await sender.pressure()).toMatchObject({ records: 0 });
    clock.advance(1);
    expect(await sender.pressure()).toMatchObject({ records: 1 });
  });
});

describe('a sender', () => {
  it('refuses a batch of a shard whose predecessor is still on its way', async () => {
    const sender = await senderOf();
    const first = sender.enqueue([batchOf([1])], session.epoch);
    await expect(sender.enqueue([batchOf([2])], session.epoch)).rejects.toThrow('a batch of shard orders/shard-0 is still being enqueued');
    await first;
    await sender.enqueue([batchOf([2])], session.epoch);
  });

  it('refuses a lane that there is not, and sends nothing under an epoch that is over', async () => {
    const sender = await senderOf();
    await expect(sender.enqueue([batchOf([1], { lane: 1 })], session.epoch)).rejects.toThrow('expected a lane below 1, got 1');
    await expect(sender.enqueue([batchOf([1])], session.epoch - 1)).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED' });
    expect(await readLaneCounts(session, { target })).toMatchObject([{ enqueued: 0 }]);
  });

  it('goes on after Redis has forgotten the scripts, with nothing lost and nothing twice', async () => {
    const sender = await senderOf();
    await sender.enqueue([batchOf([1])], session.epoch);
    await session.client.script('FLUSH');
    await sender.enqueue([batchOf([2])], session.epoch);

    const lane = await takeLane(session, { target, lane: 0 });
    expect((await lane.take(9)).jobs.flatMap(({ records }) => textsOf(records))).toEqual(['1', '2']);
  });
});

describe('the trace of a job', () => {
  it('comes out as it went in, also after the job was handed back; jobs without one are read as before', async () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sender = await senderOf();
    await sender.enqueue([{ ...batchOf([1, 2]), trace }, batchOf([3], { shardId: 'shard-1' })], session.epoch);
    const lane = await takeLane(session, { target, lane: 0 });
    const { jobs } = await lane.take(2);
    expect(jobs.map((job) => job.trace)).toEqual([trace, undefined]);
    await lane.handBack([
      { job: jobs[0]!, remaining: [1] },
      { job: jobs[1]!, remaining: [0] },
    ]);
    expect((await lane.take(2)).jobs.map((job) => [job.trace, job.indexes])).toEqual([
      [trace, [1]],
      [undefined, [0]],
    ]);
  });
});

describe('the age of a lane', () => {
  it('is that of its first job, told to its holder', async () => {
    const minuteAgo = { ...systemClock, now: () => systemClock.now() - 60_000 };
    const sender = await senderOf({ lanes: 3, clock: minuteAgo });
    await sender.enqueue([batchOf([1], { lane: 1 })], session.epoch);
    const lane = await takeLane(session, { target, lane: 1 });
    await takeLane(session, { target, lane: 2 });
    const workerOf = async (index: number) => (await session.client.hget(laneKeys({ target, lane: index }).lease, 'worker')) ?? '';
    const agesOf = async (index: number) => {
      const ages = await readLaneAges(session, { target, lanes: 3, worker: await workerOf(index) });
      return [...ages].map(([held, ageMs]) => [held, Math.floor(ageMs / 60_000)]);
    };

    expect([await agesOf(1), await agesOf(2)]).toEqual([[[1, 1]], [[2, 0]]]);
    const { jobs } = await lane.take(1);
    expect(await agesOf(1)).toEqual([[1, 1]]);
    await lane.settle(delivered(jobs));
    expect(await agesOf(1)).toEqual([[1, 0]]);
  });
});

const senderOf = (options: Partial<Parameters<typeof openLaneSender>[0]> = {}) =>
  openLaneSender({ session, target, lanes: 1, clock: systemClock, ...options });

async function keysLike(prefix: string, pattern: RegExp): Promise<string[]> {
  return (await session.client.keys('*')).filter((key) => key.startsWith(prefix) && pattern.test(key));
}
