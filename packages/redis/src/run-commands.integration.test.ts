import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisSession } from './redis-session.ts';
import { runPipeline, runTransaction } from './run-commands.ts';
import { type RedisProxy, startRedisProxy } from './testing/redis-proxy.ts';

let redis: RedisServer;
let proxy: RedisProxy;
let session: RedisSession;
beforeAll(async () => {
  redis = await startRedisServer();
  proxy = await startRedisProxy(redis.url);
  session = await connectRedis({ url: proxy.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await session.client.flushall();
  await session.client.set('text', 'x');
});

describe.each([
  ['a pipeline', runPipeline],
  ['a transaction', runTransaction],
])('%s', (_, run) => {
  it('answers its commands in their order', async () => {
    expect(await run(session, session.epoch, (commands) => commands.incr('n').incrby('n', 4).get('text'))).toEqual([1, 5, 'x']);
  });

  it('rejects as one of ours where a single command fails, and names only the command', async () => {
    const failing = run(session, session.epoch, (commands) => commands.incr('n').hset('text', 'field', 'secret'));
    await expect(failing).rejects.toMatchObject({
      code: 'REDIS_COMMAND_FAILED',
      disposition: 'fatal',
      message: expect.stringMatching(/failed the command \w+: WRONGTYPE/),
    });
    await expect(failing).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    // Redis executes the others all the same.
    expect(await session.client.get('n')).toBe('1');
  });

  it.each(['dropNextReply', 'dropNextRequest'] as const)(
    'rejects as retryable where the connection is lost under way (%s)',
    async (drop) => {
      const ready = new Promise<void>((resolve) => {
        const stop = session.onReady(() => {
          stop();
          resolve();
        });
      });
      const dropped = proxy[drop]('under-way');
      const failing = run(session, session.epoch, (commands) => commands.incr('under-way').incr('n'));
      await expect(failing).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST', disposition: 'retry' });
      await dropped;
      await ready;
    },
  );

  it('rejects as retryable, with nothing sent, while there is no connection', async () => {
    const { epoch } = session;
    const ready = new Promise<void>((resolve) => {
      const stop = session.onReady(() => {
        stop();
        resolve();
      });
    });
    session.client.stream.destroy();
    await expect(run(session, epoch, (commands) => commands.incr('n'))).rejects.toMatchObject({ disposition: 'retry' });
    await ready;
    expect(await session.client.get('n')).toBeNull();
  });
});
