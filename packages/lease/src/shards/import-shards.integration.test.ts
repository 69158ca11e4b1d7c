import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession, readerGroupKey, shardTableKey } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedisLeaseStore } from '../redis-lease-store.ts';
import { importShards, type ShardImport } from './import-shards.ts';
import { createRedisShardTable } from './redis-shard-table.ts';

let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let prefixes = 0;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

it('sets all checkpoints, and answers the same when asked again', async () => {
  const { run, table, claim } = place();
  expect(await run()).toEqual({ outcome: 'imported' });
  expect(await run()).toEqual({ outcome: 'imported' });
  expect((await table.list()).map(({ shardId, state }) => [shardId, state]).sort()).toEqual([
    ['s0', 'shardEnd'],
    ['s1', 'active'],
  ]);
  expect([await claim('s0'), await claim('s1')]).toMatchObject([
    { outcome: 'ended' },
    { outcome: 'claimed', facts: { checkpoint: '42:1' } },
  ]);
});

it('changes nothing once a worker has begun, even where it stands where it was set', async () => {
  const { run, claim } = place();
  await run();
  await claim('s1');
  expect(await run()).toEqual({ outcome: 'known', shardId: 's1' });
});

it('changes nothing while a worker holds a shard, also where it may replace', async () => {
  const { run, table, claim } = place();
  await run();
  await claim('s1');
  expect(await run({ replace: true, shards: [{ shardId: 's1', parents: [], checkpoint: { kind: 'TRIM_HORIZON' } }] })).toEqual({
    ...{ outcome: 'held', shardId: 's1' },
  });
  expect((await table.list()).find(({ shardId }) => shardId === 's1')?.checkpoint.kind).toBe('AFTER');
});

function place() {
  const keyPrefix = `test-${++prefixes}`;
  const options: ShardImport = {
    ...{ keyPrefix, ingress: 'in', stream: 'orders', identity: { streamArn: 'arn', streamCreatedAtMs: 1 }, replace: false },
    shards: [
      { shardId: 's0', parents: [], checkpoint: { kind: 'SHARD_END' } },
      { shardId: 's1', parents: ['s0'], checkpoint: { kind: 'AFTER', position: { sequenceNumber: '42', subSequenceNumber: 1 } } },
    ],
  };
  const key = shardTableKey(keyPrefix, 'in/orders');
  const table = createRedisShardTable(session, { key, group: readerGroupKey(keyPrefix, 'in'), start: { kind: 'TRIM_HORIZON' } });
  const store = createRedisLeaseStore(session);
  return {
    table,
    run: (more: Partial<ShardImport> = {}) => importShards(session, { ...options, ...more }),
    claim: (shardId: string) => store.claim({ epoch: store.epoch, key: table.keyOf(shardId), worker: 'w', ttlMs: 60_000, mustExist: true }),
  };
}
