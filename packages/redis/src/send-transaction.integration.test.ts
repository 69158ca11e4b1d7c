import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisSession } from './redis-session.ts';
import { type CommandLine, sendTransaction } from './send-transaction.ts';

let redis: RedisServer;
let session: RedisSession;
beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await session.client.config('SET', 'maxmemory', '0');
  await session.client.flushall();
});

const send = (...commands: readonly CommandLine[]) => session.run(session.epoch, (client) => sendTransaction(client, commands));

describe('a transaction sent in parts', () => {
  it('stores bytes as they are, texts in UTF-8, and answers the commands in their order', async () => {
    const bytes = Buffer.from([0, 13, 10, 255, 36]);
    const large = Buffer.alloc(1_000_000, 7);
    const replies = await send(['hset', 'höhe', 'a', bytes, 'b', Buffer.alloc(0), 'c', large], ['incrby', 'n', 5], ['get', 'n']);
    expect(replies).toEqual([3, 5, '5']);
    expect(await session.client.hmgetBuffer('höhe', 'a', 'b', 'c')).toEqual([bytes, Buffer.alloc(0), large]);
  });

  it('keeps its place among other commands of the connection', async () => {
    const set = session.client.set('n', 1);
    const sent = send(['incr', 'n'], ['hset', 'h', 'f', Buffer.from('x')], ['incr', 'n']);
    const after = session.client.incr('n');
    expect([await set, await sent, await after]).toEqual(['OK', [2, 1, 3], 4]);
  });

  it('rejects where one of its commands failed, and does not undo the others', async () => {
    await session.client.set('text', 'x');
    await expect(send(['incr', 'n'], ['hset', 'text', 'f', 'secret'], ['incr', 'n'])).rejects.toMatchObject({
      code: 'REDIS_COMMAND_FAILED',
      message: expect.stringMatching(/WRONGTYPE/),
    });
    expect(await session.client.get('n')).toBe('2');
  });

  it('says why Redis refused it, and then nothing of it was executed', async () => {
    await session.client.config('SET', 'maxmemory', '1');
    await expect(send(['del', 'n'], ['hset', 'h', 'f', Buffer.from('x')])).rejects.toMatchObject({ code: 'REDIS_BUSY' });
    await session.client.config('SET', 'maxmemory', '0');
    await expect(send(['incr', 'n'], ['nonsense'])).rejects.toMatchObject({ code: 'REDIS_COMMAND_FAILED' });
    expect(await session.client.exists('n', 'h')).toBe(0);
  });

  it('is refused as a whole on another connection than the one it was meant for', async () => {
    const { epoch } = session;
    const ready = new Promise<void>((resolve) => void session.onReady(() => resolve()));
    session.client.stream.destroy();
    await expect(session.run(epoch, (client) => sendTransaction(client, [['incr', 'n']]))).rejects.toMatchObject({ disposition: 'retry' });
    await ready;
    const late = session.run(session.epoch, async (client) => {
      const again = new Promise<void>((resolve) => void session.onReady(() => resolve()));
      session.client.stream.destroy();
      await again;
      return sendTransaction(client, [['incr', 'n']]);
    });
    await expect(late).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED' });
    expect(await session.client.get('n')).toBeNull();
  });
});
