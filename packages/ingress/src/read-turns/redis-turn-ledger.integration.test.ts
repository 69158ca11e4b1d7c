import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { createRedisTurnLedger } from './redis-turn-ledger.ts';

it('gives each call of a shard a turn of its own, whoever asks, and counts who polls the stream', async () => {
  await using redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  const ledgerOf = (ingress: string, arn = 'arn:stream/s') => createRedisTurnLedger({ session, keyPrefix: 'test', arn, ingress });
  const [a, b] = [ledgerOf('a'), ledgerOf('b')];
  expect(await a.take({})).toEqual({ waitMs: 0, readers: 1 });
  expect((await ledgerOf('other', 'arn:stream/t').take({})).readers).toBe(1);

  // So long that the time between the calls of a slow machine counts for nothing.
  const callMs = 3_600_000;
  const turns = [
    await a.take({ shardId: 'shard-0', callMs }),
    await b.take({ shardId: 'shard-0', callMs }),
    await b.take({ shardId: 'shard-0', callMs, hasTurn: true }),
    await a.take({ shardId: 'shard-0', paysMs: 2 * callMs }),
    await a.take({ shardId: 'shard-0', paysMs: 3 * callMs }),
    await b.take({ shardId: 'shard-0', callMs, hasTurn: true }),
    await a.take({ shardId: 'shard-0', callMs }),
    await b.take({ shardId: 'shard-1', callMs }),
  ];
  expect(turns.map(({ waitMs }) => Math.ceil(waitMs / callMs))).toEqual([0, 1, 0, 2, 5, 5, 6, 0]);
  expect(turns.map(({ readers }) => readers)).toEqual([1, 2, 2, 2, 2, 2, 2, 2]);
  expect(await session.client.pttl('test:{polled arn:stream/s}:turns')).toBeGreaterThan(0);
});
