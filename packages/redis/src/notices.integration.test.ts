import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscribeToNotices } from './notices.ts';
import { connectRedis, type RedisSession } from './redis-session.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis[Symbol.asyncDispose]());

describe('notices', () => {
  // vitest fails a run in which a rejection has no owner.
  it('come again after the connection was lost between its being ready and its subscription, several times', async () => {
    await using session = await connect();
    await using publisher = await connect();
    const notices: string[] = [];
    const stop = await subscribeToNotices(session, 'channel', (message) => notices.push(message));
    for (let drop = 0; drop < 5; drop++) {
      const ready = nextReady(session);
      session.client.stream.destroy();
      await ready;
    }
    // Redis may take a connection that is gone for a subscriber yet.
    await until('a notice', async () => {
      await publisher.client.publish('channel', 'early');
      return notices.length > 0;
    });
    await publisher.client.publish('channel', 'last');
    await until('the last notice', () => notices.includes('last'));
    expect(notices.filter((message) => message === 'last')).toEqual(['last']);
    stop();
  });
});

const connect = (): Promise<RedisSession> => connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });

/** Resolves in the turn in which the connection stands again, before anything else was sent on it. */
function nextReady(session: RedisSession): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.onReady(() => {
      stop();
      resolve();
    });
  });
}
