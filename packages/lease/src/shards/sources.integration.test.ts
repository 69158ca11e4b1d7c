import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession, shardTableKey, sourcesKey } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisShardTable } from './redis-shard-table.ts';
import { listSources, unlistSource } from './sources.ts';

const stack = new AsyncDisposableStack();
let session: RedisSession;
let keyPrefix: string;
beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  keyPrefix = `[${randomUUID()}]`;
});

const STREAM = { streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders', streamCreatedAtMs: 1_700_000_000_000 };
const createTable = (name: string, isListed = true) =>
  createRedisShardTable(session, {
    ...{ key: shardTableKey(keyPrefix, name), group: 'g', start: { kind: 'TRIM_HORIZON' } },
    ...(isListed && { listed: { key: sourcesKey(keyPrefix), name } }),
  }).create(STREAM, [{ shardId: 'shard-0', parents: [] }]);

describe('the list of sources', () => {
  it('has each table that a worker made, until it is forgotten', async () => {
    expect(await listSources(session, keyPrefix)).toEqual([]);
    await createTable('b/orders');
    await createTable('a/b/orders');
    expect(await listSources(session, keyPrefix)).toEqual(['a/b/orders', 'b/orders']);
    await unlistSource(session, keyPrefix, 'b/orders');
    expect(await listSources(session, keyPrefix)).toEqual(['a/b/orders']);
  });

  it('finds the tables of older releases once, and scans no more', async () => {
    await createTable('old/orders', false);
    await createTable('new/orders');
    expect(await listSources(session, keyPrefix)).toEqual(['new/orders', 'old/orders']);
    const scans = async () => /cmdstat_scan:calls=\d+/.exec(await session.client.info('commandstats'))?.[0];
    const before = await scans();
    expect(await listSources(session, keyPrefix)).toEqual(['new/orders', 'old/orders']);
    expect(await scans()).toBe(before);
  });
});
