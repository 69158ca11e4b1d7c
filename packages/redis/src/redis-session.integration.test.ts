import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisSession } from './redis-session.ts';
import { type RedisProxy, startRedisProxy } from './testing/redis-proxy.ts';

let redis: RedisServer;
let proxy: RedisProxy;
const open: AsyncDisposable[] = [];

beforeAll(async () => {
  redis = await startRedisServer();
});
beforeEach(async () => {
  proxy = await startRedisProxy(redis.url);
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});
afterAll(() => redis[Symbol.asyncDispose]());

describe('RedisSession', () => {
  it('moves its epoch when the connection is lost, before a command under way fails', async () => {
    const session = await connect();
    const epochs: string[] = [];
    session.onLost((epoch) => epochs.push(`lost ${epoch}`));
    session.onReady((epoch) => epochs.push(`ready ${epoch}`));
    const dropped = proxy.dropNextReply();
    const outcome = session.client.incr('count').catch(() => epochs.push(`failed at ${session.epoch}`));
    await Promise.all([outcome, dropped]);
    await readyAgain(session);
    expect(epochs).toEqual(['lost 2', 'failed at 2', 'ready 2']);
  });

  it('neither sends a command again nor leaves it pending: a lost reply is told as such', async () => {
    const session = await connect();
    void proxy.dropNextReply();
    await expect(session.run(1, (client) => client.incr('once'))).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST', disposition: 'retry' });
    await readyAgain(session);
    expect(await session.client.get('once')).toBe('1');
  });

  it('says the same of a command that did not reach Redis, for it cannot know', async () => {
    const session = await connect();
    void proxy.dropNextRequest();
    await expect(session.run(1, (client) => client.incr('never'))).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST' });
    await readyAgain(session);
    expect(await session.client.get('never')).toBeNull();
  });

  it('refuses commands at once while it is down, and sends none of them later', async () => {
    const session = await connect();
    proxy.close();
    await lost(session);
    await expect(session.client.set('down', '1')).rejects.toMatchObject({ code: 'REDIS_NOT_READY', disposition: 'retry' });
    await expect(session.run(session.epoch, (client) => client.set('down', '1'))).rejects.toMatchObject({ code: 'REDIS_NOT_READY' });
    proxy.open();
    await readyAgain(session);
    expect(await session.client.exists('down')).toBe(0);
  });

  it('refuses what belongs to an earlier connection, also after an await in between', async () => {
    const session = await connect();
    const gate = Promise.withResolvers<void>();
    const late = session.run(1, async (client) => {
      await gate.promise;
      return client.set('late', '1');
    });
    proxy.cut();
    await readyAgain(session);
    gate.resolve();
    await expect(late).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED', details: { expected: 1, epoch: 2 } });
    await expect(session.run(1, (client) => client.set('late', '1'))).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED' });
    expect(await session.client.exists('late')).toBe(0);
  });

  it('keeps pipelines and transactions whole: all of an earlier connection is refused', async () => {
    const session = await connect();
    const gate = Promise.withResolvers<void>();
    const pipeline = session.run(1, async (client) => {
      await gate.promise;
      return client.pipeline().set('p1', '1').set('p2', '1').exec();
    });
    const multi = session.run(1, async (client) => {
      await gate.promise;
      return client.multi().set('m1', '1').set('m2', '1').exec();
    });
    proxy.cut();
    await readyAgain(session);
    gate.resolve();
    const results = await pipeline;
    expect(results?.map(([error]) => (error as { code?: string } | null)?.code)).toEqual(['REDIS_EPOCH_MOVED', 'REDIS_EPOCH_MOVED']);
    await expect(multi).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED' });
    expect(await session.client.exists('p1', 'p2', 'm1', 'm2')).toBe(0);
  });

  it('tells a transaction whose reply was lost from one that failed', async () => {
    const session = await connect();
    void proxy.dropNextReply();
    const multi = session.run(1, (client) => client.multi().incr('t1').incr('t2').exec());
    await expect(multi).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST' });
    await readyAgain(session);
    expect(await session.client.mget('t1', 't2')).toEqual(['1', '1']);
  });

  it('gives up a connection that stays silent', async () => {
    // Long enough for what is answered, also on a slow machine.
    const session = await connect({ replyTimeoutMs: 2_000 });
    const { epoch } = session;
    proxy.pause();
    await expect(session.run(epoch, (client) => client.ping())).rejects.toMatchObject({ code: 'REDIS_REPLY_LOST' });
    expect(session.epoch).toBe(epoch + 1);
    proxy.resume();
    await readyAgain(session);
    expect(await session.client.ping()).toBe('PONG');
  });

  it('waits for a Redis that is not there yet, and says so', async () => {
    proxy.close();
    const { logger, lines } = recordingLogger();
    const connecting = connectRedis({ url: proxy.url }, { logger, clock: systemClock });
    await expect.poll(() => lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatchObject({ level: 'warn', message: 'waiting for redis', facts: { attempt: 1 } });
    proxy.open();
    const session = await connecting;
    open.push(session);
    expect(lines.at(-1)).toMatchObject({ level: 'info', message: 'connected to redis' });
  });

  it('stops waiting when told, or when its time is over', async () => {
    proxy.close();
    const controller = new AbortController();
    const aborted = connectRedis({ url: proxy.url }, { logger: silentLogger, clock: systemClock, signal: controller.signal });
    controller.abort(new Error('SIGTERM'));
    await expect(aborted).rejects.toThrow('SIGTERM');
    const clock = new ManualClock();
    const { logger, lines } = recordingLogger();
    const overdue = connectRedis({ url: 'redis://127.0.0.1:1' }, { logger, clock, giveUpAfterMs: 2_000 });
    overdue.catch(() => undefined);
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    clock.advance(2_000);
    await expect(overdue).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      message: expect.stringMatching(
        /^cannot reach redis at redis:\/\/127\.0\.0\.1:1 within 2000 ms: connect ECONNREFUSED 127\.0\.0\.1:1; /,
      ),
    });
  });

  it('does not wait where the password is wrong or missing, and never says it', async () => {
    await using secured = await startRedisServer();
    await using admin = await connectRedis({ url: secured.url }, { logger: silentLogger, clock: systemClock });
    await admin.client.config('SET', 'requirepass', 'right');
    const { port } = secured;
    const wrong = connectRedis({ url: `redis://:wrong-secret@127.0.0.1:${port}` }, { logger: silentLogger, clock: systemClock });
    const error = await wrong.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'REDIS_ACCESS_DENIED', disposition: 'fatal' });
    expect((error as Error).message).toMatch(
      /^redis at redis:\/\/127\.0\.0\.1:\d+ denies access: WRONGPASS .*; check the user and the password /,
    );
    expect(JSON.stringify([(error as Error).message, (error as { details?: unknown }).details])).not.toContain('wrong-secret');
    await expect(connectRedis({ url: secured.url }, { logger: silentLogger, clock: systemClock })).rejects.toMatchObject({
      code: 'REDIS_ACCESS_DENIED',
    });
    open.push(await connectRedis({ url: `redis://:right@127.0.0.1:${port}` }, { logger: silentLogger, clock: systemClock }));
  });

  it('does not wait for something that is no Redis', async () => {
    const server = createHttpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const connecting = connectRedis({ url: `redis://127.0.0.1:${port}` }, { logger: silentLogger, clock: systemClock });
    await expect(connecting).rejects.toMatchObject({ code: 'REDIS_PROTOCOL_MISMATCH', disposition: 'fatal' });
    server.close();
  });

  it('says what to look at where only one side speaks TLS', async () => {
    const server = createTlsServer({}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await firstReason(`redis://127.0.0.1:${port}`)).toContain('is it rediss://?');
    expect(await firstReason(redis.url.replace('redis:', 'rediss:'))).toContain('is it redis://?');
    server.close();
  });

  it('gives up a master that was demoted, and asks again who the master is', async () => {
    await using second = await startRedisServer();
    const session = await connectRedis({ url: second.url }, { logger: silentLogger, clock: systemClock });
    open.push(session);
    await session.client.replicaof('127.0.0.1', redis.port);
    await expect(session.run(1, (client) => client.set('a', '1'))).rejects.toMatchObject({ code: 'REDIS_BUSY', disposition: 'retry' });
    await expect.poll(() => session.epoch).toBe(2);
  });

  it('hands out plain connections that have no part in its epoch', async () => {
    const session = await connect();
    const blocking = session.client.duplicate();
    await blocking.connect();
    await session.run(1, () => blocking.set('by-duplicate', '1'));
    const ended = once(blocking, 'end');
    blocking.disconnect();
    await ended;
    expect([session.epoch, session.isReady]).toEqual([1, true]);
  });

  it('loses everything when it is closed', async () => {
    const session = await connect();
    const epochs: number[] = [];
    session.onLost((epoch) => epochs.push(epoch));
    await session[Symbol.asyncDispose]();
    expect(epochs).toEqual([2]);
    await expect(session.run(2, (client) => client.ping())).rejects.toMatchObject({ code: 'REDIS_NOT_READY' });
  });
});

async function connect(settings: { replyTimeoutMs?: number } = {}): Promise<RedisSession> {
  const session = await connectRedis({ url: proxy.url, ...settings }, { logger: silentLogger, clock: systemClock });
  open.push(session);
  return session;
}

const readyAgain = (session: RedisSession): Promise<unknown> =>
  session.isReady && session.epoch > 1 ? Promise.resolve() : new Promise<void>((resolve) => session.onReady(() => resolve()));

const lost = (session: RedisSession): Promise<unknown> => new Promise<void>((resolve) => session.onLost(() => resolve()));

/** The reason that the log gives for waiting. */
async function firstReason(url: string): Promise<unknown> {
  const { logger, lines } = recordingLogger();
  const controller = new AbortController();
  const connecting = connectRedis({ url }, { logger, clock: systemClock, signal: controller.signal });
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  controller.abort(new Error('enough'));
  await expect(connecting).rejects.toThrow('enough');
  return (lines[0]!.facts as { reason: string }).reason;
}

function recordingLogger() {
  const lines: { level: string; message: string; facts: unknown }[] = [];
  const at = (level: string) => (message: string, facts?: unknown) => void lines.push({ level, message, facts });
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => logger };
  return { logger, lines };
}
