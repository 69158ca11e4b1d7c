/** A Redis that comes back older than it was: stopped, the last part of its append-only file cut off, and started again. */
import { readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, randomFor, startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { formatFencingToken } from './fencing-token.ts';
import { HeldLease, instantOf, type Lease } from './lease.ts';
import type { LeaseStore } from './lease-store.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './shards/checkpoint.ts';
import { createRedisShardTable } from './shards/redis-shard-table.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const HORIZON: Checkpoint = { kind: 'TRIM_HORIZON' };
/** No lease ends by itself here, however long Redis and its disk take. */
const TTL_MS = 600_000;
const STREAM = { streamArn: 'arn:orders', streamCreatedAtMs: 1 };

describe('a Redis that comes back older', () => {
  it('gives a token number again, yet no token', async () => {
    await using world = await start();
    const before = await world.marked(async ({ table }) => {
      await table.create(STREAM, [{ shardId: 's1', parents: [] }]);
    });
    const lost = await world.claim();
    await world.restartAt(before);
    const again = await world.claim();
    expect(again.token.number).toBe(lost.token.number);
    expect(again.token.owner).not.toBe(lost.token.owner);
    expect(lost.isHeld()).toBe(false);
    const forged = { ...lost, epoch: world.session.epoch, assertHeld: () => undefined, key: again.key, token: lost.token };
    await expect(world.table.checkpoint(forged as Lease, HORIZON, after(9))).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('sends the reader back to the checkpoint that it still knows', async () => {
    await using world = await start();
    await world.table.create(STREAM, [{ shardId: 's1', parents: [] }]);
    const lease = await world.claim();
    const before = await world.marked(() => world.table.checkpoint(lease, HORIZON, after(5)));
    await world.table.checkpoint(lease, after(5), after(8));
    await world.restartAt(before);
    await expect(world.table.checkpoint(lease, after(8), after(9))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const next = await world.claim();
    expect(parseCheckpoint(next.facts['checkpoint']!)).toEqual(after(5));
    expect(await world.table.checkpoint(next, after(8), after(9))).toEqual({ outcome: 'moved', stored: after(5) });
    expect(await world.table.checkpoint(next, after(5), after(6))).toEqual({ outcome: 'stored' });
  });

  it('forgets an end together with the children it made', async () => {
    await using world = await start();
    await world.table.create(STREAM, [{ shardId: 's1', parents: [] }]);
    const lease = await world.claim();
    const before = await world.marked(() => world.table.checkpoint(lease, HORIZON, after(5)));
    await world.table.end(lease, after(5), [{ shardId: 's2', parents: ['s1'] }]);
    await world.restartAt(before);
    expect(await world.table.list()).toMatchObject([{ shardId: 's1', state: 'active', checkpoint: after(5) }]);
  });

  it('holds whole writes only, wherever its file is cut', async () => {
    await using world = await start();
    await world.table.create(STREAM, [{ shardId: 's1', parents: [] }]);
    const lease = await world.claim();
    const from = await world.fileSize();
    await world.table.checkpoint(lease, HORIZON, after(1));
    await world.table.end(lease, after(1), [{ shardId: 's2', parents: ['s1'] }]);
    const to = await world.fileSize();
    const { seed } = randomFor('cuts of a file');
    for (let cut = to - (seed % 37); cut > from; cut -= 23 + (seed % 7)) {
      await world.restartAt(cut);
      const rows = await world.table.list();
      const shown = rows.map(({ shardId, state, checkpoint }) => `${shardId} ${state} ${formatCheckpoint(checkpoint)}`);
      expect(
        [['s1 active TRIM_HORIZON'], ['s1 active 1:0'], ['s1 shardEnd SHARD_END', 's2 active TRIM_HORIZON']],
        `cut at ${cut}, seed ${seed}`,
      ).toContainEqual(shown);
    }
  });

  it('keeps its numbers growing over a restart that loses nothing', async () => {
    await using world = await start();
    await world.table.create(STREAM, [{ shardId: 's1', parents: [] }]);
    const tokens = [await world.claim()];
    for (let restart = 0; restart < 2; restart++) {
      await world.restartAt(await world.fileSize());
      tokens.push(await world.claim());
    }
    expect(tokens.map(({ token }) => token.number)).toEqual([1, 2, 3]);
    expect(new Set(tokens.map(({ token }) => formatFencingToken(token))).size).toBe(3);
  });
});

const after = (sequenceNumber: number): Checkpoint => ({
  kind: 'AFTER',
  position: { sequenceNumber: String(sequenceNumber), subSequenceNumber: 0 },
});

async function start() {
  let redis: RedisServer = await startRedisServer();
  const { port, directory } = redis;
  const session: RedisSession = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  const store: LeaseStore = createRedisLeaseStore(session);
  const table = createRedisShardTable(session, { key: '{regress}:shards', group: '{regress}:group', start: HORIZON });

  const fileSize = async () => {
    // What a client was told of may still be on its way to the file: Redis holds it back while the disk is slow.
    const waiting = async () => Number(/aof_buffer_length:(\d+)/.exec(await session.client.info('persistence'))![1]);
    await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
    return (await stat(await appendOnlyFile(directory))).size;
  };
  return {
    session,
    table,
    fileSize,
    /** Does something and answers how far the file goes after it. */
    async marked(step: (world: { table: typeof table }) => Promise<unknown>): Promise<number> {
      await step({ table });
      return fileSize();
    },
    async restartAt(bytes: number): Promise<void> {
      const isLost = new Promise<void>((resolve) => session.onLost(() => resolve()));
      await redis.stop('SIGKILL');
      await isLost;
      const isReady = new Promise<void>((resolve) => session.onReady(() => resolve()));
      const file = await appendOnlyFile(directory);
      // Redis itself cuts a half-written command off; what is shorter already must not grow.
      await truncate(file, Math.min(bytes, (await stat(file)).size));
      redis = await startRedisServer({ port, directory });
      await isReady;
    },
    async claim(): Promise<Lease> {
      const { epoch } = store;
      const sentAt = instantOf(systemClock);
      const answer = await store.claim({ epoch, key: table.keyOf('s1'), worker: 'ada', ttlMs: TTL_MS, mustExist: true });
      const facts = answer.outcome === 'claimed' ? answer.facts : {};
      const times = { ttlMs: TTL_MS, clock: systemClock, sentAt, currentEpoch: () => store.epoch };
      return new HeldLease({ key: table.keyOf('s1'), token: tokenOf(answer), epoch, facts, ...times });
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The incremental part of a Redis 7 append-only file, or the one file of a Redis 6. */
async function appendOnlyFile(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true });
  return join(directory, files.find((file) => file.endsWith('.incr.aof')) ?? 'appendonly.aof');
}
