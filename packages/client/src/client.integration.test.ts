import { silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore } from '@sluice/lease';
import { laneLeaseKey, laneOf, openLaneReceiver, recordLanes } from '@sluice/queue';
import { resizeQuietLanes } from '@sluice/queue/testing';
import { connectRedis, laneKeys, type RedisSession } from '@sluice/redis';
import { type RedisProxy, startRedisProxy } from '@sluice/redis/testing';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, type OpenClientOptions, openClient } from './open-client.ts';

const LANES = 4;
const EGRESS = 'com.example/out';

let redis: RedisServer;
let proxy: RedisProxy;
let observer: RedisSession;
let prefix: string;
beforeAll(async () => {
  redis = await startRedisServer();
  proxy = await startRedisProxy(redis.url);
  observer = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await observer[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  prefix = `client-${crypto.randomUUID()}`;
  await recordLanes(observer, { keyPrefix: prefix, target: EGRESS, lanes: LANES });
});

describe('a client', () => {
  it('puts records into the lanes of their keys, in the order of its calls', async () => {
    await using client = await open();
    const egress = client.egress(EGRESS);
    await Promise.all(range(200).map((n) => egress.send({ key: `k${n % 7}`, data: `${n}`, metadata: { n: `${n}` } })));
    await egress.send(range(50).map((n) => ({ key: `k${n % 7}`, data: `${200 + n}` })));

    const records = await takeAll();
    expect(sorted(records)).toEqual(range(250));
    for (const key of range(7)) {
      const ofKey = numbersOf(records.filter(({ partitionKey }) => partitionKey === `k${key}`));
      expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
    }
    expect(records.find(({ data }) => Buffer.from(data).toString() === '3')).toMatchObject({ partitionKey: 'k3', metadata: { n: '3' } });
  });

  it('shares out to the lanes that an operator gave the target meanwhile', async () => {
    await using client = await open();
    const egress = client.egress(EGRESS);
    await egress.send({ key: 'k0', data: '0' });
    await takeAll();
    await resizeQuietLanes(observer, { keyPrefix: prefix, target: EGRESS, lanes: 3 });
    await egress.send(range(20).map((n) => ({ key: `k${n}`, data: `${n}` })));

    const perLane = range(3).map((lane) => observer.client.hget(laneKeys({ keyPrefix: prefix, target: EGRESS, lane }).gauge, 'records'));
    const expected = range(3).map((lane) => range(20).filter((n) => laneOf(`k${n}`, 3) === lane).length);
    expect((await Promise.all(perLane)).map(Number)).toEqual(expected);
    // Who comes later finds the number, too.
    await using other = await open();
    await other.egress(EGRESS).send({ key: 'k0', data: '20' });
  });

  it('keeps records without a key in the order of its calls', async () => {
    await using client = await open();
    const egress = client.egress(EGRESS);
    await Promise.all(range(300).map((n) => egress.send({ data: `${n}` })));
    expect(numbersOf(await takeAll())).toEqual(range(300));
  });

  it('shares jobs among calls that come together', async () => {
    await using client = await open();
    const egress = client.egress(EGRESS);
    await Promise.all(range(500).map((n) => egress.send({ key: 'one', data: `${n}` })));
    const jobs = await Promise.all(
      range(LANES).map((lane) => observer.client.llen(laneKeys({ keyPrefix: prefix, target: EGRESS, lane }).wait)),
    );
    expect(jobs.reduce((sum, count) => sum + count)).toBe(1);
  });

  it('sends all of a source with bounded memory, in order', async () => {
    await using client = await open();
    const egress = client.egress(EGRESS, { maxBufferedRecords: 100 });
    let most = 0;
    async function* source() {
      for (const n of range(2_000)) {
        most = Math.max(most, egress.buffered.records);
        yield { key: `k${n % 3}`, data: `${n}` };
      }
    }
    await expect(egress.sendAll(source())).resolves.toBe(2_000);
    expect(most).toBeLessThanOrEqual(100);
    expect(sorted(await takeAll())).toEqual(range(2_000));
  });
});

describe('when answers are lost', () => {
  it.each(['dropNextReply', 'dropNextRequest'] as const)('after %s it sends again, and everything is delivered once', async (drop) => {
    await using client = await open({ redis: proxy.url });
    const egress = client.egress(EGRESS);
    await egress.send(range(20).map((n) => ({ key: `k${n}`, data: `${n}` })));
    const dropped = proxy[drop](laneKeys({ keyPrefix: prefix, target: EGRESS, lane: 0 }).jobPrefix);
    const sending = egress.send(range(20).map((n) => ({ key: `k${n}`, data: `${20 + n}` })));
    await dropped;
    await sending;
    await egress.send(range(20).map((n) => ({ key: `k${n}`, data: `${40 + n}` })));
    expect(sorted(await takeAll())).toEqual(range(60));
  });

  it('waits for a Redis that restarts, and loses and repeats nothing that it had', async () => {
    const own = await startRedisServer({ extraArguments: ['--appendfsync', 'always'] });
    const session = await connectRedis({ url: own.url }, { logger: silentLogger, clock: systemClock });
    await recordLanes(session, { keyPrefix: prefix, target: EGRESS, lanes: LANES });
    const client = await open({ redis: own.url });
    const egress = client.egress(EGRESS);
    let sent = 0;
    let isDone = false;
    const sending = (async () => {
      while (!isDone) await egress.send({ key: `k${sent % 5}`, data: `${sent++}` });
    })();
    await until('some records', () => sent > 20);
    await own.stop('SIGKILL');
    await until('the loss to be seen', () => !client.isReady);
    await using again = await startRedisServer({ port: own.port, directory: own.directory, extraArguments: ['--appendfsync', 'always'] });
    const before = sent;
    await until('records after it', () => sent > before + 20);
    isDone = true;
    await sending;
    await client.close();

    await until('a connection', () => session.isReady);
    expect(sorted(await takeAll(session))).toEqual(range(sent));
    await session[Symbol.asyncDispose]();
    expect(again.port).toBe(own.port);
  });
});

describe('backpressure', () => {
  const waterMarks = { highRecords: 10, lowRecords: 2, highBytes: 1e9, lowBytes: 1e9 };

  it('waits while the egress has too much before it', async () => {
    await using other = await open();
    await other.egress(EGRESS).send(range(10).map((n) => ({ key: 'k', data: `${n}` })));
    await using client = await open();
    const waiting = client.egress(EGRESS, { waterMarks }).send({ key: 'k', data: '10' });
    expect(sorted(await takeAll())).toEqual(range(10));
    await waiting;
  });

  it('refuses calls that nobody waits for, once as much waits outside the buffer as in it', async () => {
    await using client = await open({ closeTimeoutMs: 0 });
    const egress = client.egress(EGRESS, { waterMarks: { ...waterMarks, highRecords: 0 }, maxBufferedRecords: 5 });
    const outcomes = range(12).map((n) => egress.send({ data: `${n}` }).catch((error: { code: string }) => error.code));
    expect(await Promise.all(outcomes.slice(10))).toEqual(['CLIENT_OVERLOADED', 'CLIENT_OVERLOADED']);
    expect(egress.buffered.records).toBe(10);
    await client.close();
    expect(await Promise.all(outcomes.slice(0, 10))).toEqual(Array(10).fill('CLIENT_CLOSED'));
  });

  it('takes records back whose signal aborts before they are sent, and says so', async () => {
    await using client = await open({ closeTimeoutMs: 0 });
    const egress = client.egress(EGRESS, { waterMarks: { ...waterMarks, highRecords: 0 } });
    const abort = new AbortController();
    const aborted = egress.send({ data: 'never' }, { signal: abort.signal });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'CLIENT_SEND_ABORTED', outcome: 'notSent', disposition: 'retry' });
    expect(egress.buffered).toEqual({ records: 0, bytes: 0 });
    await expect(egress.send({ data: 'never' }, { signal: abort.signal })).rejects.toMatchObject({ outcome: 'notSent' });
  });

  it('says when the outcome of an aborted call is unknown', async () => {
    await using client = await open({ redis: proxy.url, closeTimeoutMs: 0 });
    const egress = client.egress(EGRESS);
    const abort = new AbortController();
    const dropped = proxy.dropNextReply(laneKeys({ keyPrefix: prefix, target: EGRESS, lane: 0 }).jobPrefix);
    const aborted = egress.send(
      range(50).map((n) => ({ key: `k${n}`, data: `${n}` })),
      { signal: abort.signal },
    );
    await dropped;
    proxy.close();
    abort.abort();
    proxy.open();
    await expect(aborted).rejects.toMatchObject({ code: 'CLIENT_SEND_ABORTED', outcome: 'unknown' });
  });
});

describe('what is refused', () => {
  it('an egress that no worker has served, by its name and prefix', async () => {
    await using client = await open();
    await expect(client.egress('com.example/nowhere').send({ data: 'a' })).rejects.toMatchObject({
      code: 'EGRESS_UNKNOWN',
      message: expect.stringContaining(`com.example/nowhere under the prefix ${prefix}`),
    });
    await client.egress('com.example/new', { lanes: 2 }).send({ data: 'a' });
    expect(await observer.client.hget(`${prefix}:targets`, 'com.example/new')).toBe('2');
  });

  it('another number of lanes than the workers have', async () => {
    await using client = await open();
    await expect(client.egress(EGRESS, { lanes: 5 }).send({ data: 'a' })).rejects.toMatchObject({ code: 'LANE_COUNT_MISMATCH' });
  });

  it('a closed client; what was sent before is durable', async () => {
    const client = await open();
    const egress = client.egress(EGRESS, { lingerMs: 60_000 });
    const sending = egress.send({ data: '0' });
    await client.close();
    await sending;
    await expect(egress.send({ data: '1' })).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(() => client.egress('com.example/other')).toThrow(expect.objectContaining({ code: 'CLIENT_CLOSED' }));
    expect(sorted(await takeAll())).toEqual([0]);
  });

  it('a Redis that is not there, after a while', async () => {
    await expect(openClient({ redis: 'redis://127.0.0.1:1', connectTimeoutMs: 50 })).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE' });
  });
});

const open = (options: Partial<OpenClientOptions> = {}): Promise<Client> =>
  openClient({ redis: redis.url, prefix, name: 'test', ...options });

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const numbersOf = (records: readonly { readonly data: Uint8Array }[]): number[] =>
  records.map(({ data }) => Number(Buffer.from(data).toString()));

const sorted = (records: readonly { readonly data: Uint8Array }[]): number[] => numbersOf(records).toSorted((a, b) => a - b);

/** Takes what is in the lanes, as an egress-worker would, and acknowledges it. */
async function takeAll(session = observer) {
  const records = [];
  for (const lane of range(LANES)) {
    const address = { keyPrefix: prefix, target: EGRESS, lane };
    const store = createRedisLeaseStore(session);
    const claim = await store.claim({ epoch: session.epoch, key: laneLeaseKey(address), worker: crypto.randomUUID(), ttlMs: 60_000 });
    if (claim.outcome !== 'claimed') throw new Error(`expected to claim lane ${lane}, it is ${claim.outcome}`);
    const lease = { token: claim.token, epoch: session.epoch };
    const receiver = openLaneReceiver({ session, ...address, lease, clock: systemClock, logger: silentLogger });
    await receiver.takeOver();
    for (let take = await receiver.take(100); take.jobs.length + take.skipped.jobs > 0; take = await receiver.take(100)) {
      for (const job of take.jobs) records.push(...job.indexes.map((index) => job.records[index]!));
      await receiver.settle(take.jobs.map((job) => ({ job, remaining: [], deadLetters: [] })));
    }
  }
  return records;
}
