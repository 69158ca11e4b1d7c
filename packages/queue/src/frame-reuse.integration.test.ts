import { type SluiceRecord, systemClock } from '@sluice/core';
import { expect, it } from 'vitest';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane } from './testing/fixtures.ts';
import { type TestRedis, useRedis } from './testing/use-redis.ts';

let redis: TestRedis;
useRedis('frames', (given) => {
  redis = given;
});

it('frames that are used again never hold what another batch is still sending', async () => {
  const { session, target } = redis;
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  const expected: string[] = [];
  for (let round = 0; round < 5; round++) {
    const batches = Array.from({ length: 8 }, (_, shard) => {
      const batch = batchOf([round + 1], { shardId: `shard-${shard}` });
      const data = Buffer.alloc(100_000, `${shard}.${round} `);
      expected.push(data.toString());
      return { ...batch, records: Array.from(batch.records, (record: SluiceRecord) => ({ ...record, data })) };
    });
    await Promise.all(batches.map((batch) => sender.enqueue([batch], session.epoch)));
  }
  const { jobs } = await (await takeLane(session, { target, lane: 0 })).take(100);
  const found = jobs.flatMap(({ records }) => records.map(({ data }) => Buffer.from(data).toString()));
  expect(found.toSorted()).toEqual(expected.toSorted());
});
