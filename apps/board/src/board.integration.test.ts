import { silentLogger, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { laneKeys } from '@sluice/redis';
import { PortError } from '@sluice/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBoard } from './board.ts';
import { type FedBoard, startFedBoard } from './testing/fed-board.ts';

let board: FedBoard;
beforeAll(async () => {
  board = await startFedBoard();
});
afterAll(() => board[Symbol.asyncDispose]());

describe('board', () => {
  it('has a page of the addresses that are parked', async () => {
    const answer = await board.ask('/parked');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('No address is parked.');
    const target = 'com.example/greeter';
    await openLaneSender({ session: board.session, target, lanes: 1, clock: systemClock });
    const parking = {
      ...{ since: 0, attempts: 1, retryAt: 0 },
      reason: { code: 'FUNCTION_CALL_FAILED', disposition: 'retry', message: 'status 500', details: {} },
    };
    const row = JSON.stringify({ records: 2, bytes: 10, parking });
    await board.session.client.hset(laneKeys({ target, lane: 0 }).mailboxes, 'alice', row);
    expect(await (await board.ask('/parked')).text()).toContain('<td>alice</td><td>2</td><td>1970-01-01T00:00:00.000Z</td>');
  });

  it('says that it is ready', async () => {
    const answer = await board.ask('/ready');
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, state: 'running', redis: true, children: {}, reasons: [] }]);
  });

  it('says that its port is in use', async () => {
    const settings = { login: undefined, readOnly: false, payloads: false, allowedHosts: [] };
    const port = Number(new URL(board.url).port);
    const options = { settings, keyPrefix: 'sluice', host: '127.0.0.1', port, logger: silentLogger, clock: systemClock };
    await expect(startBoard(options)).rejects.toThrow(PortError);
  });
});
