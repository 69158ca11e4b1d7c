/** What a worker says where a real Redis refuses it: Redis' own words, and what to do. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { freePort, startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { connectRedis } from './redis-session.ts';

const options = { logger: silentLogger, clock: systemClock };

const SET = ['SET', 'sluice:a', '1'] as const;

const LET_IN = 'it was let in';

/** How a connection, and a command on it, is refused. */
async function refusalOf(url: string, ...command: readonly [string, ...string[]]): Promise<string> {
  try {
    await using session = await connectRedis({ url }, { ...options, giveUpAfterMs: 100_000 });
    await session.run(session.epoch, (client) => client.call(...command));
  } catch (error) {
    return (error as Error).message.replace(/redis:\/\/\S+/, 'URL');
  }
  return LET_IN;
}

describe('a Redis that refuses', () => {
  it('a user, a password, or a command: says which, and what to do', async () => {
    await using redis = await startRedisServer();
    await using admin = await connectRedis({ url: redis.url }, options);
    for (const rule of [
      ['reader', 'on', '>right', '~sluice:*', '+@read', '+info', '+hello', '+client'],
      ['retired', 'off', '>right', '~*', '+@all'],
    ])
      await admin.client.call('ACL', 'SETUSER', ...rule);
    await admin.client.config('SET', 'requirepass', 'right');
    const as = (user: string) => redis.url.replace('redis://', `redis://${user}@`);
    const check = 'check the user and the password (`sluice.redis.username` and `sluice.redis.password`, or those in its URL)';

    expect(await refusalOf(redis.url, ...SET)).toMatch(
      /^redis at URL denies access: NOAUTH .*; set its password: `sluice\.redis\.password`, SLUICE_REDIS_PASSWORD or SLUICE_REDIS_PASSWORD_FILE, or in its URL$/,
    );
    for (const user of [':wrong', 'nobody:right', 'retired:right', 'reader:wrong'])
      expect([user, await refusalOf(as(user), ...SET)]).toEqual([
        user,
        expect.stringContaining(`redis at URL denies access: WRONGPASS invalid username-password pair or user is disabled; ${check}`),
      ]);
    expect(await refusalOf(as('reader:right'), ...SET)).toMatch(
      /^redis at URL denies access: NOPERM .*; give the user the rights that deploy\/redis\/users\.acl lists for this program$/,
    );
  });

  it.runIf(process.platform === 'linux')('strangers, in protected mode: in one sentence of its four', async ({ skip }) => {
    await using redis = await startRedisServer({ extraArguments: ['--protected-mode', 'yes'] });
    await using stranger = await startStranger(redis.port);
    const refusal = await refusalOf(stranger.url, ...SET);
    skip(
      refusal === LET_IN,
      'this server takes all of 127.0.0.0/8 for its own machine (Valkey), or protects no address it is bound to (Redis 6.2)',
    );
    expect(refusal).toBe(
      'redis at URL denies access: DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user; ' +
        'set a password in Redis and in `sluice.redis.password`, or, where only friends reach it, `protected-mode no` in the configuration of Redis',
    );
  });

  it('commands, as a replica that has lost its master or may not be written to', async () => {
    await using replica = await startRedisServer({ extraArguments: ['--replica-serve-stale-data', 'no'] });
    await using admin = await connectRedis({ url: replica.url }, options);
    await admin.client.call('REPLICAOF', '127.0.0.1', '1');
    const remedy = 'it is a replica: set `sluice.redis.url` to its master, or let `sluice.redis.sentinel` find it';
    expect(await refusalOf(replica.url, 'GET', 'sluice:a')).toBe(
      `redis at URL refused a command for now: MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'; ${remedy}`,
    );
    await admin.client.config('SET', 'replica-serve-stale-data', 'yes');
    expect(await refusalOf(replica.url, ...SET)).toBe(
      `redis at URL refused a command for now: READONLY You can't write against a read only replica; ${remedy}`,
    );
  });

  it('everything, while it loads its data: the worker says so, and waits', async () => {
    await using first = await startRedisServer();
    await using session = await connectRedis({ url: first.url }, options);
    // While it loads it answers once every 2 MiB.
    await session.client.mset(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, randomBytes(40_000)])));
    await session.client.bgrewriteaof();
    await expect
      .poll(async () => /aof_rewrite_in_progress:0/.test(await session.client.info('persistence')), { timeout: 60_000 })
      .toBe(true);
    await first.stop();
    // So many microseconds a key.
    const slowly = ['--key-load-delay', '20000'];
    const port = await freePort();
    const starting = startRedisServer({ port, directory: first.directory, extraArguments: slowly });
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, child: () => logger, warn: (message, facts) => lines.push([message, facts?.['reason']]) };
    await using loaded = await connectRedis({ url: `redis://127.0.0.1:${port}` }, { ...options, logger });
    await using _again = await starting;
    expect(await loaded.client.dbsize()).toBe(300);
    expect(lines).toContainEqual(['waiting for redis', expect.stringContaining('LOADING')]);
  });
});

/** A way to Redis on which its clients come from 127.0.0.2, which protected mode takes for another machine. */
async function startStranger(port: number) {
  const server = createServer((client) => {
    const redis = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    client.pipe(redis).pipe(client);
    for (const socket of [client, redis]) socket.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
