import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll } from 'vitest';
import { describeBudgetLedger } from '../testing/budget-ledger.conformance.ts';
import { createRedisBudgetLedger } from './redis-budget-ledger.ts';

let session: RedisSession;
const disposer = new AsyncDisposableStack();
beforeAll(async () => {
  const redis = disposer.use(await startRedisServer());
  session = disposer.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => disposer.disposeAsync());

describeBudgetLedger('createRedisBudgetLedger', (writers, isEnforced) => {
  const stream = `stream-${crypto.randomUUID()}`;
  const key = `test:budgets:${stream}`;
  return {
    ledgers: Array.from({ length: writers }, () => createRedisBudgetLedger({ session, keyPrefix: 'test', stream, isEnforced })),
    stateOf: async (shardId) => {
      const [, records, bytes, share, ceiling] = (await session.client.hget(key, shardId))!.split(' ').map(Number);
      return { records: records!, bytes: bytes!, share: share!, ceiling: ceiling! };
    },
    setBudget: async (shardId, { records, bytes, share, ceiling, agoMs, throttledAgoMs }) => {
      const [seconds, micros] = await session.client.time();
      const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      await session.client.hset(key, shardId, [nowMs - agoMs, records, bytes, share, ceiling, nowMs - throttledAgoMs].join(' '));
    },
  };
});
