import { RELEASE, silentLogger, systemClock } from '@sluice/core';
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
  it('says that it is ready', async () => {
    const answer = await board.ask('/ready');
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, state: 'running', redis: true, children: {}, reasons: [] }]);
  });

  it('says that it lives, which release it is, and its figures', async () => {
    const json = async (path: string) => (await board.ask(path)).json();
    expect(await json('/live')).toEqual({ live: true, reasons: [] });
    expect(await json('/version')).toEqual({ release: RELEASE, node: process.versions.node });
    expect(await (await board.ask('/metrics')).text()).toContain('process_cpu_seconds_total');
  });

  it('says that its port is in use', async () => {
    const settings = { login: undefined, readOnly: false, payloads: false, allowedHosts: [] };
    const port = Number(new URL(board.url).port);
    const options = { settings, keyPrefix: 'sluice', host: '127.0.0.1', port, logger: silentLogger, clock: systemClock };
    await expect(startBoard(options)).rejects.toThrow(PortError);
  });
});
