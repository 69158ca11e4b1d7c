import { silentLogger, systemClock } from '@sluice/core';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
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
    let notices = 0;
    const heard = Promise.withResolvers<void>();
    const stop = await subscribeToNotices(session, 'channel', () => {
      notices += 1;
      heard.resolve();
    });
    for (let drop = 0; drop < 5; drop++) {
      const ready = nextReady(session);
      session.client.stream.destroy();
      await ready;
    }
    await untilSubscribed(publisher, 'channel');
    await publisher.client.publish('channel', '');
    await heard.promise;
    expect(notices).toBe(1);
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

async function untilSubscribed({ client }: RedisSession, channel: string): Promise<void> {
  for (;;) {
    const [, subscribers] = (await client.pubsub('NUMSUB', channel)) as [string, number];
    if (subscribers > 0) return;
  }
}
