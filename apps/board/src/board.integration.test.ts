import { silentLogger, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { connectRedis, laneKeys, type RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { PortError } from '@sluice/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Board, type BoardOptions, startBoard } from './board.ts';

const LANE = encodeURIComponent('output/departures: lane 01');
const stack = new AsyncDisposableStack();
let board: Board;
let session: RedisSession;
let options: BoardOptions;

beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
  const settings = { login: undefined, readOnly: false, payloads: false, allowedHosts: [] };
  options = { settings, keyPrefix: 'sluice', host: '127.0.0.1', port: 0, logger: silentLogger, clock: systemClock };
  const sender = await openLaneSender({ session, target: 'output/departures', lanes: 2, clock: systemClock });
  const origin = { stream: 'flights', shardId: 'shardId-000000000000', sequenceNumber: '42', subSequenceNumber: 0, arrivalTimeMs: 0 };
  const records = [{ partitionKey: 'DTW', data: Buffer.from('{}'), metadata: {}, origin }];
  const source = { stream: 'flights', shardId: origin.shardId, token: { number: 1, owner: 'reader' }, first: origin, last: origin };
  await sender.enqueue([{ lane: 1, records, source }], session.epoch);
  board = stack.use(await startBoard(options));
  stack.use(await board.connect(session));
});

afterAll(() => stack.disposeAsync());

describe('board', () => {
  it('shows lanes and dead letters of every target', async () => {
    const { queues } = (await fetch(`${board.url}/queues/api/queues`).then((answer) => answer.json())) as {
      queues: Array<Record<string, unknown>>;
    };
    expect(queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      ['output/departures: lane 00', true],
      ['output/departures: lane 01', true],
      ['output/departures: dead letters', true],
    ]);
  });

  it('shows what a job holds', async () => {
    const answer = await fetch(`${board.url}/queues/api/queues?activeQueue=${LANE}&status=waiting`);
    expect(await answer.text()).toContain('"shard":"shardId-000000000000"');
  });

  it('has a page of the addresses that are parked', async () => {
    const answer = await fetch(`${board.url}/parked`);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('No address is parked.');
    const target = 'com.example/greeter';
    await openLaneSender({ session: session, target, lanes: 1, clock: systemClock });
    const parking = {
      ...{ since: 0, attempts: 1, retryAt: 0 },
      reason: { code: 'FUNCTION_CALL_FAILED', disposition: 'retry', message: 'status 500', details: {} },
    };
    const row = JSON.stringify({ records: 2, bytes: 10, parking });
    await session.client.hset(laneKeys({ target, lane: 0 }).mailboxes, 'alice', row);
    expect(await (await fetch(`${board.url}/parked`)).text()).toContain('<td>alice</td><td>2</td><td>1970-01-01T00:00:00.000Z</td>');
  });

  it.each(['empty', 'pause', 'obliterate', 'clean/waiting', 'retry/failed', 'promote'])('refuses to %s a lane', async (action) => {
    const { csrfToken } = (await (await fetch(`${board.url}/api/session`)).json()) as { csrfToken: string };
    const headers = { 'x-csrf-token': csrfToken };
    const answer = await fetch(`${board.url}/queues/api/queues/${LANE}/${action}`, { method: 'PUT', headers });
    expect(answer.status).toBe(405);
  });

  it('says that it is ready', async () => {
    const answer = await fetch(`${board.url}/ready`);
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, state: 'running', redis: true, children: {}, reasons: [] }]);
  });

  it('says that its port is in use', async () => {
    const port = Number(new URL(board.url).port);
    await expect(startBoard({ ...options, port })).rejects.toThrow(PortError);
  });
});
