import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer } from '@sluice/dev-redis';
import type { RedisSession } from '@sluice/lease';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLane } from './lanes/audit-lane.ts';
import { readLaneCounts } from './lanes/lane-counts.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, connectTo, takeLane, textsOf } from './testing/fixtures.ts';

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

describe('a lane', () => {
  it('gives its jobs in the order in which they came, and forgets those that are acked', async () => {
    const address = { target: 'egress/orders', lane: 1 };
    const sender = await openLaneSender({ session, target: address.target, lanes: 2, clock: systemClock });
    await sender.enqueue([batchOf([1, 2], { lane: 1 }), batchOf([3], { lane: 0, shardId: 'shard-1' })], session.epoch);
    await sender.enqueue([batchOf([4], { lane: 1 })], session.epoch);

    const lane = await takeLane(session, address);
    const { jobs, blockedForMs, skipped } = await lane.take(10);
    expect({ jobs: jobs.map(({ records }) => textsOf(records)), blockedForMs, skipped }).toEqual({
      jobs: [['1', '2'], ['4']],
      blockedForMs: 0,
      skipped: { records: 0, jobs: 0 },
    });

    await lane.ack(jobs);
    expect(await readLaneCounts(session, address)).toMatchObject([
      { lane: 0, waiting: 1, active: 0, records: 1 },
      { lane: 1, waiting: 0, active: 0, records: 0, bytes: 0, enqueued: 2 },
    ]);
    expect(await auditLane(session, address, silentLogger)).toEqual({
      records: 0,
      bytes: 0,
      drift: { records: 0, bytes: 0 },
      orphansRemoved: 0,
      jobsWithoutPayload: [],
    });
  });
});
