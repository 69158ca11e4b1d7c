import { isRetryable, type Logger, silentLogger, systemClock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { connectRedis } from '@sluice/redis';
import { findRedisBinary, startRedisServer, startSentinel } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import type { FencingToken } from './fencing-token.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const binary = await findRedisBinary();

/** For what must happen, on any machine. */
const WAIT = { timeout: 100_000 };

// A Redis in Docker has no sentinel beside it.
describe.skipIf(!binary)('RedisSession by sentinel', () => {
  it('follows a fail-over to the new master, under a new epoch', async () => {
    await using first = await startRedisServer();
    await using second = await startRedisServer();
    await using admin = await connectRedis({ url: second.url }, { logger: silentLogger, clock: systemClock });
    await using master = await connectRedis({ url: first.url }, { logger: silentLogger, clock: systemClock });
    await master.client.config('SET', 'repl-diskless-sync-delay', '0');
    await admin.client.replicaof('127.0.0.1', first.port);
    await expect.poll(() => admin.client.info('replication'), WAIT).toContain('master_link_status:up');
    // Only who is asked to fails over here, and no master that is slow for a second.
    await using sentinel = await startSentinel(binary!, first.port, { patienceMs: 600_000 });
    const nodes = [{ host: '127.0.0.1', port: sentinel.port }];
    await using session = await connectRedis(
      { url: 'redis://sentinel', sentinel: { name: 'main', nodes } },
      { logger: silentLogger, clock: systemClock, giveUpAfterMs: 100_000 },
    );
    const store = createRedisLeaseStore(session);
    const before = tokenOf(await store.claim({ epoch: store.epoch, key: 'row', worker: 'ada', ttlMs: 5_000 }));
    await expect.poll(() => admin.client.hget('row', 'token'), WAIT).toBe(String(before.number));

    await using control = await connectRedis({ url: `redis://127.0.0.1:${sentinel.port}` }, { logger: silentLogger, clock: systemClock });
    // The sentinel has to have seen the replica before it can promote it.
    await expect.poll(() => control.client.call('SENTINEL', 'FAILOVER', 'main').catch(String), WAIT).toBe('OK');

    await expect.poll(() => session.isReady && session.client.stream.remotePort, WAIT).toBe(second.port);
    expect(session.epoch).toBeGreaterThan(1);
    // It may lose the connection once more while the sentinel configures the new master.
    let after: FencingToken | undefined;
    const claim = async () => {
      after = tokenOf(await store.claim({ epoch: store.epoch, key: 'row', worker: 'ada', ttlMs: 5_000 }));
      return 'claimed';
    };
    await expect.poll(() => claim().catch((error) => (isRetryable(error) ? 'later' : Promise.reject(error))), WAIT).toBe('claimed');
    expect(after!.number).toBeGreaterThan(before.number);
    expect(after!.owner).not.toBe(before.owner);
  });
});

describe('RedisSession without its sentinels', () => {
  it('waits for one, and says so', async () => {
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (message, facts) => void lines.push([message, facts]), child: () => logger };
    const sentinel = { name: 'main', nodes: [{ host: '127.0.0.1', port: 1 }] };
    const clock = new ManualClock();
    const connecting = connectRedis({ url: 'redis://sentinel', sentinel }, { logger, clock, giveUpAfterMs: 500 });
    connecting.catch(() => undefined);
    await expect.poll(() => lines.length, WAIT).toBeGreaterThan(0);
    clock.advance(500);
    await expect(connecting).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      message: expect.stringContaining('sentinel main (127.0.0.1:1) within 500 ms: All sentinels are unreachable'),
    });
    expect(lines[0]).toEqual([
      'waiting for redis',
      { attempt: 1, retryInMs: expect.any(Number), reason: expect.stringContaining('All sentinels are unreachable') },
    ]);
  });
});
