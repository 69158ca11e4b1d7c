/**
 * Each command is executed, its reply is lost with the connection, and the same command is sent again over the next one, as a retry by
 * hand would: the state must be what one execution leaves. (A real holder claims anew instead, for its lease is lost with the connection.)
 */
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisProxy, startRedisProxy } from '@sluice/redis/testing';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FencingToken } from './fencing-token.ts';
import type { Lease } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import type { Checkpoint } from './shards/checkpoint.ts';
import { createRedisShardTable } from './shards/redis-shard-table.ts';
import type { ShardTable } from './shards/shard-table.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const GROUP = 'lost:{t}:group';
const TABLE = 'lost:{t}:shards';
const TTL_MS = 60_000;
const STREAM = { streamArn: 'arn:orders', streamCreatedAtMs: 1 };
const HORIZON: Checkpoint = { kind: 'TRIM_HORIZON' };
const FIVE: Checkpoint = { kind: 'AFTER', position: { sequenceNumber: '5', subSequenceNumber: 0 } };

let redis: RedisServer;
let proxy: RedisProxy;
let session: RedisSession;
let store: LeaseStore;
let table: ShardTable;

beforeAll(async () => {
  redis = await startRedisServer();
});
beforeEach(async () => {
  proxy = await startRedisProxy(redis.url);
  session = await connectRedis({ url: proxy.url }, { logger: silentLogger, clock: systemClock });
  await session.client.flushall();
  store = createRedisLeaseStore(session);
  table = createRedisShardTable(session, { key: TABLE, group: GROUP, start: HORIZON });
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});
afterAll(() => redis[Symbol.asyncDispose]());

describe('a command whose reply was lost, sent again', () => {
  it('claim: the lease is had under the next number, and the lost number is void', async () => {
    const token = tokenOf(await twice(() => claim('row')));
    expect(token.number).toBe(2);
    expect(await session.client.hmget('row', 'token', 'owner', 'worker')).toEqual(['2', token.owner, 'ada']);
  });

  it('pulse: the worker is a member and its lease is renewed', async () => {
    const token = tokenOf(await claim('row'));
    expect(await twice(() => pulse([{ key: 'row', token }]))).toEqual({ members: ['ada'], leases: ['renewed'] });
  });

  it('release: the row is free, and its number stays', async () => {
    const token = tokenOf(await claim('row'));
    await twice(() => store.release({ epoch: store.epoch, group: GROUP, key: 'row', token }));
    expect(await session.client.hmget('row', 'token', 'owner')).toEqual(['1', '']);
  });

  it('release: a successor that claimed in between keeps its lease', async () => {
    const token = tokenOf(await claim('row'));
    const release = () => store.release({ epoch: store.epoch, group: GROUP, key: 'row', token, successor: 'bob' });
    await loseReplyOf(release);
    const next = tokenOf(await store.claim({ epoch: store.epoch, key: 'row', worker: 'bob', ttlMs: TTL_MS }));
    await release();
    expect(await session.client.hmget('row', 'token', 'owner')).toEqual(['2', next.owner]);
  });

  it('leave: the worker is no member', async () => {
    await pulse([]);
    await twice(() => store.leave(store.epoch, GROUP, 'ada'));
    expect(await session.client.zcard(GROUP)).toBe(0);
  });

  it('create shards: each has one row, at the start of the first call', async () => {
    const created = await twice(() => table.create(STREAM, [{ shardId: 's1', parents: [] }]));
    expect(created).toBe(0);
    expect(await table.list()).toMatchObject([{ shardId: 's1', checkpoint: HORIZON }]);
  });

  it('checkpoint: it is stored, and the answer is the same', async () => {
    const lease = await leaseOfShard();
    expect(await twice(() => table.checkpoint(lease(), HORIZON, FIVE))).toEqual({ outcome: 'stored' });
    expect(await table.list()).toMatchObject([{ checkpoint: FIVE }]);
  });

  it('shard end: it is marked, its children are there once, and the answer is the same', async () => {
    const lease = await leaseOfShard();
    const children = [{ shardId: 's2', parents: ['s1'] }];
    expect(await twice(() => table.end(lease(), HORIZON, children))).toEqual({ outcome: 'stored' });
    expect((await table.list()).map(({ shardId, state }) => [shardId, state])).toEqual([
      ['s1', 'shardEnd'],
      ['s2', 'active'],
    ]);
  });

  it('shard end: a child that another worker began in between is left alone', async () => {
    const lease = await leaseOfShard();
    const end = () => table.end(lease(), HORIZON, [{ shardId: 's2', parents: ['s1'] }]);
    await loseReplyOf(end);
    const child = tokenOf(await claim(table.keyOf('s2')));
    await table.checkpoint(leaseWith(table.keyOf('s2'), child)(), HORIZON, FIVE);
    await end();
    expect((await table.list()).find(({ shardId }) => shardId === 's2')).toMatchObject({ checkpoint: FIVE, tokenNumber: 1 });
  });

  it('rewind and prune: they are done', async () => {
    const lease = await leaseOfShard();
    expect(await twice(() => table.rewind('s1', FIVE))).toEqual(FIVE);
    await table.end(lease(), FIVE, []);
    expect(await twice(() => table.prune(['s1']))).toEqual([]);
    expect(await table.list()).toEqual([]);
  });
});

const claim = (key: string) => store.claim({ epoch: store.epoch, key, worker: 'ada', ttlMs: TTL_MS });

const pulse = (held: { key: string; token: FencingToken }[]) =>
  store.pulse({ epoch: store.epoch, group: GROUP, worker: 'ada', ttlMs: TTL_MS, isMember: true, held });

/** Sends the command, loses its reply, and sends it again; answers what the second reply says. */
async function twice<T>(command: () => Promise<T>): Promise<T> {
  await loseReplyOf(command);
  return command();
}

async function loseReplyOf(command: () => Promise<unknown>): Promise<void> {
  const isBack = new Promise<void>((resolve) => session.onReady(() => resolve()));
  const dropped = proxy.dropNextReply();
  await expect(command()).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST' });
  await Promise.all([dropped, isBack]);
}

async function leaseOfShard(): Promise<() => Lease> {
  await table.create(STREAM, [{ shardId: 's1', parents: [] }]);
  return leaseWith(table.keyOf('s1'), tokenOf(await claim(table.keyOf('s1'))));
}

/** The same token over whichever connection stands: what nobody but this test may do. */
const leaseWith = (key: string, token: FencingToken) => (): Lease => ({
  ...{ key, token, epoch: session.epoch, facts: {} },
  ...{ remainingMs: () => 5_000, isHeld: () => true, assertHeld: () => undefined },
});
