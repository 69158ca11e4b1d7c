import { systemClock } from '@sluice/core';
import { countDeadLetters, openLaneSender } from '@sluice/queue';
import { laneKeys, watchedKey } from '@sluice/redis';
import type { Overview } from '@sluice/status';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FedBoard, startFedBoard, TARGET } from '../testing/fed-board.ts';

const ENCODED = encodeURIComponent(TARGET);
let board: FedBoard;

beforeAll(async () => {
  board = await startFedBoard();
  await board.enqueue(['DTW', 'JFK', 'ORD']);
  await board.enqueue(['DTW']);
});
afterAll(() => board[Symbol.asyncDispose]());

const get = async (path: string): Promise<[number, Record<string, unknown>]> => {
  const answer = await board.ask(path);
  return [answer.status, (await answer.json()) as Record<string, unknown>];
};

const act = async (name: string, body: unknown, on = board): Promise<[number, Record<string, unknown>]> => {
  const answer = await on.ask(`/api/actions/${name}`, { method: 'POST', body: JSON.stringify(body) });
  return [answer.status, (await answer.json()) as Record<string, unknown>];
};

describe('GET /api', () => {
  it('overview shows the installation, and makes workers report each second', async () => {
    const [status, overview] = await get('/api/overview');
    const { targets, redis } = overview as unknown as Overview;
    expect([status, targets.map(({ target, lanes }) => [target, lanes.map(({ jobs, records }) => [jobs, records])])]).toEqual([
      200,
      [
        [
          TARGET,
          [
            [0, 0],
            [2, 4],
          ],
        ],
      ],
    ]);
    expect(redis.usedBytes).toBeGreaterThan(0);
    expect(await board.session.client.exists(watchedKey('sluice'))).toBe(1);
  });

  it('overview is one text for all who ask within a second, compressed for who can read that', async () => {
    const [first, second] = await Promise.all([board.ask('/api/overview'), board.ask('/api/overview')]);
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(await first.text()).toBe(await second.text());
  });

  it('history answers as many minutes as are asked for', async () => {
    const [status, history] = await get('/api/history?minutes=5');
    expect([status, history['bucketMs'], history['series']]).toEqual([200, 10_000, []]);
    expect(await get('/api/history?minutes=soon')).toEqual([400, { code: 'REQUEST_INVALID', error: expect.stringContaining('minutes') }]);
  });

  it('lane shows a lane with its first jobs, in the order in which they leave it', async () => {
    const [status, { lane, total, jobs }] = await get(`/api/lanes/${ENCODED}/1`);
    expect([status, total, lane]).toEqual([200, 2, expect.objectContaining({ lane: 1, jobs: 2, records: 4 })]);
    const source = expect.objectContaining({ stream: 'flights' });
    expect(jobs).toEqual([
      { id: '1', state: 'waiting', hasPayload: true, data: expect.objectContaining({ records: 3, source }) },
      { id: '2', state: 'waiting', hasPayload: true, data: expect.objectContaining({ records: 1, source }) },
    ]);
    expect((await get(`/api/lanes/${ENCODED}/1?offset=1&count=1`))[1]['jobs']).toEqual([expect.objectContaining({ id: '2' })]);
  });

  it('job shows its records, and no data where that is not allowed', async () => {
    const [status, { records, total, fault }] = await get(`/api/lanes/${ENCODED}/1/jobs/1`);
    expect([status, total, fault]).toEqual([200, 3, null]);
    const origin = expect.objectContaining({ shardId: 'shardId-000000000000' });
    const first = { index: 0, key: 'DTW', bytes: 'data of DTW'.length, metadata: {}, origin, remaining: true };
    expect((records as unknown[])[0]).toEqual(first);
    const [refused, { code }] = await get(`/api/lanes/${ENCODED}/1/jobs/1?data=1`);
    expect([refused, code]).toEqual([403, 'PAYLOADS_HIDDEN']);
  });

  it('job and dead letter show data where that is allowed', async () => {
    await using open = await startFedBoard({ payloads: true });
    await open.enqueue(['DTW']);
    await open.reject(['ATL']);
    const json = async <T>(path: string) => (await (await open.ask(path)).json()) as T;
    const { records } = await json<{ records: Array<{ data: string }> }>(`/api/lanes/${ENCODED}/1/jobs/1?data=1`);
    expect(atob(records[0]!.data)).toBe('data of DTW');
    const { letters } = await json<{ letters: Array<{ id: string }> }>('/api/dead-letters');
    const { data } = await json<{ data: string }>(`/api/dead-letters/${ENCODED}/${letters[0]!.id}?data=1`);
    expect(atob(data)).toBe('data of ATL');
  });

  it('dead-letters shows those of all targets, a page at a time, and one of them', async () => {
    await board.reject(['ATL', 'SFO', 'BOS']);
    const [status, { total, letters }] = await get('/api/dead-letters?count=2');
    expect([status, total, (letters as unknown[]).length]).toEqual([200, 3, 2]);
    const [{ id, partitionKey }] = letters as [{ id: string; partitionKey: string }];
    const [found, letter] = await get(`/api/dead-letters/${ENCODED}/${id}`);
    expect([found, letter]).toEqual([200, expect.objectContaining({ id, target: TARGET, partitionKey, metadata: {} })]);
    expect(letter).not.toHaveProperty('data');
    expect(await get(`/api/dead-letters?target=${ENCODED}&offset=2`)).toEqual([200, { total: 3, letters: [expect.anything()] }]);
  });

  it('functions shows the addresses that are parked', async () => {
    const target = 'com.example/greeter';
    await openLaneSender({ session: board.session, target, lanes: 1, clock: systemClock });
    const parking = {
      ...{ since: 0, attempts: 1, retryAt: 0 },
      reason: { code: 'FUNCTION_CALL_FAILED', disposition: 'retry', message: 'status 500', details: {} },
    };
    const row = JSON.stringify({ records: 2, bytes: 10, parking });
    await board.session.client.hset(laneKeys({ target, lane: 0 }).mailboxes, 'alice', row);
    expect(await get('/api/functions')).toEqual([
      200,
      { total: 1, addresses: [expect.objectContaining({ type: target, id: 'alice', records: 2, bytes: 10, parking })] },
    ]);
  });

  it.each([
    `/api/lanes/${ENCODED}/7`,
    `/api/lanes/${ENCODED}/1/jobs/99`,
    '/api/workers/nobody',
    `/api/shards/${encodeURIComponent('com.example/in/flights')}/shardId-9`,
    '/api/nothing',
  ])('%s is not there, and says what was expected', async (path) => {
    expect(await get(path)).toEqual([404, { code: 'NOT_FOUND', error: expect.stringMatching(/^expected .*found/) }]);
  });

  it.each([
    ['/api/dead-letters?target=output%2Fx', 'OPERATOR_INPUT_INVALID', 'found output/x'],
    ['/api/dead-letters?count=100000', 'REQUEST_INVALID', 'count'],
    [`/api/lanes/${ENCODED}/first`, 'REQUEST_INVALID', 'lane'],
  ])('%s is refused: %s', async (path, code, text) => {
    expect(await get(path)).toEqual([400, { code, error: expect.stringContaining(text) }]);
  });
});

describe('POST /api/actions', () => {
  it('plans in a dry run, and changes nothing', async () => {
    const [status, { plan, isDone }] = await act('pause', { input: { name: TARGET }, dryRun: true });
    expect([status, isDone, plan]).toEqual([
      200,
      false,
      expect.objectContaining({ subject: TARGET, changes: true, lines: expect.arrayContaining([expect.stringMatching(/^pause target/)]) }),
    ]);
    expect((await get('/api/audit'))[1]['entries']).toEqual([]);
  });

  it('pauses and resumes, and says in the audit log who did', async () => {
    const [status, { isDone }] = await act('pause', { input: { name: TARGET, reason: 'maintenance' }, dryRun: false });
    expect([status, isDone]).toEqual([200, true]);
    expect((await act('resume', { input: { name: TARGET }, dryRun: false }))[0]).toBe(200);
    const [, { total, entries }] = await get('/api/audit?count=5');
    expect([total, entries]).toEqual([
      2,
      [
        expect.objectContaining({ by: 'anyone (board)', action: 'resume', subject: TARGET }),
        expect.objectContaining({ by: 'anyone (board)', action: 'pause', subject: TARGET }),
      ],
    ]);
  });

  it('redrives and removes dead letters', async () => {
    const [, { letters }] = await get('/api/dead-letters');
    const [first, second] = (letters as Array<{ id: string }>).map(({ id }) => id);
    expect((await act('dead_letters.redrive', { input: { target: TARGET, ids: [first] }, dryRun: false }))[1]['lines']).toEqual([
      '1 dead letter sent again',
    ]);
    await act('dead_letters.remove', { input: { target: TARGET, ids: [second] }, dryRun: false });
    expect(await countDeadLetters(board.session, { target: TARGET })).toBe(1);
  });

  it.each([
    ['nothing', { input: {}, dryRun: true }, 400, 'OPERATOR_INPUT_INVALID', 'expected an action, found nothing; there are pause'],
    ['pause', { input: { name: 'output/x' }, dryRun: false }, 400, 'OPERATOR_INPUT_INVALID', 'found output/x'],
    ['pause', { input: { name: TARGET } }, 400, 'REQUEST_INVALID', 'dryRun'],
    ['pause', [], 400, 'REQUEST_INVALID', 'expected object'],
  ])('%s with %j is refused', async (name, body, status, code, text) => {
    expect(await act(name, body)).toEqual([status, { code, error: expect.stringContaining(text) }]);
  });

  it('refuses everything on a board that is read-only, a dry run too', async () => {
    await using quiet = await startFedBoard({ readOnly: true });
    expect(await act('pause', { input: { name: TARGET }, dryRun: true }, quiet)).toEqual([
      403,
      { code: 'READ_ONLY', error: expect.stringContaining('sluice.board.read_only') },
    ]);
  });

  it('refuses a body that is no JSON', async () => {
    const answer = await board.ask('/api/actions/pause', { method: 'POST', body: '{' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'REQUEST_INVALID']);
  });
});
