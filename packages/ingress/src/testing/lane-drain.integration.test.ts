import { silentLogger, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { startRedisProxy } from '@sluice/redis/testing';
import { startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { startLaneDrain } from './lane-drain.ts';

const JOBS = 40;

it('gets every record once also where its connection is lost between taking and settling', async () => {
  await using redis = await startRedisServer();
  await using proxy = await startRedisProxy(redis.url);
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  const sender = await openLaneSender({ session, target: 'out', lanes: 1, clock: systemClock });
  await using drain = await startLaneDrain(proxy.url, 'out', 1);
  for (let job = 0; job < JOBS; job++) {
    await sender.enqueue([{ lane: 0, records: [{ partitionKey: 'key', data: Buffer.from(String(job)), metadata: {} }] }], session.epoch);
    if (job % 10 === 5) proxy.cut();
    if (job % 10 === 9) await drain.until(job + 1);
  }

  const { records } = await drain.until(JOBS);
  expect(records.map(({ data }) => Number(Buffer.from(data).toString()))).toEqual([...Array(JOBS).keys()]);
});
