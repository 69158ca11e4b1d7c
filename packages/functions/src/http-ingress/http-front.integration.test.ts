import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { decodeInvocation, toJsonValue } from '@sluice/function-protocol';
import { createRedisLeaseStore } from '@sluice/lease';
import { laneLeaseKey, openLaneReceiver, openLaneSender } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EgressTaps } from './egress-taps.ts';
import { addHttpFront } from './http-front.ts';

const LANES = 4;
const ROOM = { highRecords: 3, lowRecords: 1, highBytes: 1e9, lowBytes: 1e9 };

let redis: RedisServer;
let session: RedisSession;
let server: FastifyInstance;
let url: string;
let keyPrefix: string;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  keyPrefix = `front-${crypto.randomUUID()}`;
  ({ server, url } = await serve(session));
});
afterEach(() => server.close());

describe('PUT /{namespace}/{type}/{id}', () => {
  it('answers once the message is durable in the lane of its id', async () => {
    const answer = await put('/com.example/greeter/B%2Fö', 'hello');

    expect([answer.status, await answer.json()]).toEqual([
      202,
      { address: 'com.example/greeter/B/ö', type: 'io.statefun.types/string', bytes: 7 },
    ]);
    const [record] = await takeAll('B/ö');
    const { caller, argument } = decodeInvocation(record!.data);
    expect({ key: record!.partitionKey, caller, text: toJsonValue(argument) }).toEqual({ key: 'B/ö', caller: undefined, text: 'hello' });
  });

  it('keeps the order of messages for one id, and takes an empty id and an empty body', async () => {
    for (const text of ['1', '2', '']) expect((await put('/com.example/greeter/', text)).status).toBe(202);

    const texts = (await takeAll('')).map(({ data }) => toJsonValue(decodeInvocation(data).argument));
    expect(texts).toEqual(['1', '2', '']);
  });

  it.each([
    [404, '/com.example/unknown/1', 'no endpoint serves functions of type com.example/unknown'],
    [404, '/com.example/greeter', 'expected PUT /{namespace}/{type}/{id}'],
    [404, '/com.example/greeter/a/b', 'expected PUT /{namespace}/{type}/{id}'],
  ])('refuses with %i: %s', async (status, path, reason) => {
    const answer = await put(path, 'x');
    expect([answer.status, await answer.json()]).toEqual([status, { error: expect.stringContaining(reason) }]);
  });

  it('refuses a path that cannot be decoded, a body that is too large, and one of another type', async () => {
    const path = await put('/com.example/greeter/%ff', 'x');
    const large = await put('/com.example/greeter/1', 'x'.repeat(1024 * 1024 + 1));
    const form = await put('/com.example/greeter/1', 'x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([path.status, large.status, form.status]).toEqual([400, 413, 415]);
  });

  it('asks to come back while the backlog is over its high water mark', async () => {
    for (let count = 0; count < ROOM.highRecords; count++) await put('/com.example/greeter/1', 'x');
    const answer = await put('/com.example/greeter/1', 'x');

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('asks to come back while Redis is away', async () => {
    await using cut = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
    const away = await serve(cut);
    await cut[Symbol.asyncDispose]();
    const answer = await put('/com.example/greeter/1', 'x', undefined, away.url);
    await away.server.close();

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('GET /egress/{namespace}/{name}', () => {
  it('streams a line of JSON for each record that functions send, whichever worker applied it', async () => {
    await using other = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
    const lines = await watch('application/x-ndjson');
    tapsOf(session).offer(sent('com.example/other', 'not this one'));
    taps.offer(sent('com.example/out', 'here'));
    expect(await lines.next()).toBe('{"stream":"s","partitionKey":"k","text":"here"}\n');
    // Connections of their own have no order among each other.
    tapsOf(other).offer(sent('com.example/out', 'there', Buffer.from([0xff])));

    expect([await lines.next(), await lines.next()]).toEqual([
      '{"stream":"s","partitionKey":"k","text":"there"}\n',
      '{"stream":"s","partitionKey":"k","base64":"/w=="}\n',
    ]);
    lines.close();
  });

  it('streams events where the client asks for them', async () => {
    const events = await watch('text/event-stream');
    taps.offer(sent('com.example/out', 'here'));

    expect(await events.next()).toBe('data: {"stream":"s","partitionKey":"k","text":"here"}\n\n');
    events.close();
  });

  it('forgets a client that has gone', async () => {
    const lines = await watch('application/x-ndjson');
    lines.close();

    await expect.poll(async () => (await session.client.pubsub('NUMSUB', `${keyPrefix}:tap:com.example/out`))[1]).toBe(0);
  });

  it('refuses an egress that is not configured, and more than 16 clients', async () => {
    expect((await fetch(`${url}/egress/com.example/unknown`)).status).toBe(404);
    const watching = await Promise.all(Array.from({ length: 16 }, () => watch('application/x-ndjson')));
    expect((await fetch(`${url}/egress/com.example/out`)).status).toBe(503);
    for (const client of watching) client.close();
  });
});

let taps: EgressTaps;

const tapsOf = (of: RedisSession) => new EgressTaps({ session: of, keyPrefix, clock: systemClock });

const sent = (egressId: string, ...data: Array<string | Buffer>) =>
  data.map((one) => ({ egressId, record: { partitionKey: 'k', stream: 's', data: Buffer.from(one), metadata: {} } }));

async function serve(own: RedisSession) {
  const front = fastify({ forceCloseConnections: true });
  taps = tapsOf(own);
  addHttpFront(front, {
    isFunction: (type) => type === 'com.example/greeter',
    isEgress: (id) => id === 'com.example/out',
    openSender: (target) =>
      openLaneSender({ session: own, keyPrefix, target, lanes: LANES, clock: systemClock, waterMarks: ROOM, pressureMaxAgeMs: 0 }),
    taps,
    clock: systemClock,
  });
  return { server: front, url: await front.listen({ host: '127.0.0.1', port: 0 }) };
}

const put = (path: string, body: string, headers: Record<string, string> = { 'content-type': 'text/plain' }, at = url) =>
  fetch(`${at}${path}`, { method: 'PUT', body, headers });

/** What waits in the lane of an id. */
async function takeAll(id: string): Promise<SluiceRecord[]> {
  const target = 'com.example/greeter';
  const { epoch } = session;
  const lane = (await openLaneSender({ session, keyPrefix, target, lanes: LANES, clock: systemClock })).laneOf(id);
  const key = laneLeaseKey({ keyPrefix, target, lane });
  const claim = await createRedisLeaseStore(session).claim({ epoch, key, worker: 'test', ttlMs: 60_000 });
  if (claim.outcome !== 'claimed') throw new Error(`expected a lease, it is ${claim.outcome}`);
  const lease = { token: claim.token, epoch };
  const receiver = openLaneReceiver({ session, keyPrefix, target, lane, lease, clock: systemClock, logger: silentLogger });
  await receiver.takeOver();
  const { jobs } = await receiver.take(10);
  return jobs.flatMap(({ records }) => records);
}

/** A client of the egress: what it reads, piece by piece. */
async function watch(accept: string) {
  const asking = request(`${url}/egress/com.example/out`, { headers: { accept } }).end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, accept]);
  const separator = accept === 'text/event-stream' ? '\n\n' : '\n';
  let text = '';
  answer
    .setEncoding('utf8')
    .on('error', () => undefined)
    .on('data', (piece: string) => {
      text += piece;
    });
  const next = async () => {
    await until('a piece is read', () => text.includes(separator));
    const end = text.indexOf(separator) + separator.length;
    const piece = text.slice(0, end);
    text = text.slice(end);
    return piece;
  };
  return { next, close: () => void asking.destroy() };
}
