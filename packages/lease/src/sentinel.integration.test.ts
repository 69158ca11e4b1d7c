import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { findRedisBinary, startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { createRedisLeaseStore } from './redis-lease-store.ts';
import { tokenOf } from './testing/lease-store.conformance.ts';

const binary = await findRedisBinary();

// A Redis in Docker has no sentinel beside it.
describe.skipIf(!binary)('RedisSession by sentinel', () => {
  it('follows a fail-over to the new master, under a new epoch', { timeout: 60_000 }, async () => {
    await using first = await startRedisServer();
    await using second = await startRedisServer();
    await using admin = await connectRedis({ url: second.url }, { logger: silentLogger, clock: systemClock });
    await admin.client.replicaof('127.0.0.1', first.port);
    await using sentinel = await startSentinel(first.port);
    const nodes = [{ host: '127.0.0.1', port: sentinel.port }];
    await using session = await connectRedis(
      { url: 'redis://sentinel', sentinel: { name: 'main', nodes } },
      { logger: silentLogger, clock: systemClock, giveUpAfterMs: 20_000 },
    );
    const store = createRedisLeaseStore(session);
    const before = tokenOf(await store.claim({ epoch: store.epoch, key: 'row', worker: 'ada', ttlMs: 5_000 }));
    await session.client.wait(1, 5_000);

    await using control = await connectRedis({ url: `redis://127.0.0.1:${sentinel.port}` }, { logger: silentLogger, clock: systemClock });
    // The sentinel has to have seen the replica before it can promote it.
    await expect.poll(() => control.client.call('SENTINEL', 'FAILOVER', 'main').catch(String), { timeout: 30_000 }).toBe('OK');

    await expect.poll(() => session.isReady && session.epoch > 1, { timeout: 30_000 }).toBe(true);
    const after = tokenOf(await store.claim({ epoch: store.epoch, key: 'row', worker: 'ada', ttlMs: 5_000 }));
    expect(after.number).toBe(before.number + 1);
    expect(after.owner).not.toBe(before.owner);
    expect(session.client.stream.remotePort).toBe(second.port);
  });
});

describe('RedisSession without its sentinels', () => {
  it('waits for one, and says so', async () => {
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (message, facts) => void lines.push([message, facts]), child: () => logger };
    const sentinel = { name: 'main', nodes: [{ host: '127.0.0.1', port: 1 }] };
    const connecting = connectRedis({ url: 'redis://sentinel', sentinel }, { logger, clock: systemClock, giveUpAfterMs: 500 });
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

async function startSentinel(masterPort: number) {
  const port = await freePort();
  const file = join(tmpdir(), `sluice-sentinel-${port}.conf`);
  const facts = [`monitor main 127.0.0.1 ${masterPort} 1`, 'down-after-milliseconds main 1000', 'failover-timeout main 5000'];
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', ...facts.map((fact) => `sentinel ${fact}`), ''].join('\n'));
  const child = spawn(binary!, [file, '--sentinel'], { stdio: 'ignore' });
  return {
    port,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await rm(file, { force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
