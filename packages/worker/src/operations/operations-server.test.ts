import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { RELEASE, silentLogger } from '@sluice/core';
import type { WorkerReport } from '@sluice/status';
import { createTelemetry } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import type { Readiness } from '../root/readiness.ts';
import type { Liveness } from './liveness.ts';
import { serveOperations } from './operations-server.ts';
import { PortError } from './server-rules.ts';

const READY: Readiness = { ready: true, state: 'running', redis: true, children: {}, reasons: [] };
const LIVE: Liveness = { live: true, reasons: [] };
const REPORT = { workerId: 'w1' } as WorkerReport;
const TREE = { id: 'worker', machine: 'worker', state: 'running', since: '2026-11-30T00:00:00.000Z', children: [] };

const serve = ({ readiness = () => READY, liveness = (): Liveness => LIVE, port = 0, host = '127.0.0.1' } = {}) =>
  serveOperations({
    telemetry: createTelemetry(silentLogger, { processMetrics: false }),
    ...{ readiness, liveness, stats: () => REPORT, actors: () => TREE, logger: silentLogger, host, port },
  });

/** The status that a request with this `Host` is answered with. */
async function statusFor(url: string, path: string, host: string): Promise<number | undefined> {
  const asking = request(`${url}${path}`, { headers: { host } }).end();
  const [answer] = await once(asking, 'response');
  answer.resume();
  return answer.statusCode;
}

describe('serveOperations', () => {
  it('answers ping, readiness, actors and metrics', async () => {
    let ready = false;
    await using server = await serve({ readiness: () => ({ ...READY, ready, reasons: ready ? [] : ['Redis is not connected'] }) });

    await expect(fetch(`${server.url}/ping`).then((answer) => answer.text())).resolves.toBe('pong');
    const before = await fetch(`${server.url}/ready`);
    ready = true;
    const after = await fetch(`${server.url}/ready`);

    expect([before.status, after.status]).toEqual([503, 200]);
    await expect(before.json()).resolves.toMatchObject({ ready: false, reasons: ['Redis is not connected'] });
    await expect(fetch(`${server.url}/actors`).then((answer) => answer.json())).resolves.toEqual(TREE);
    await expect(fetch(`${server.url}/metrics`).then((answer) => answer.text())).resolves.toContain(
      '# TYPE sluice_checkpoints_total counter',
    );
  });

  it('answers whether a restart would help, the release, and what the worker reports of itself', async () => {
    let live: Liveness = LIVE;
    await using server = await serve({ liveness: () => live });
    const ask = async (path: string) => {
      const answer = await fetch(`${server.url}${path}`);
      return [answer.status, await answer.json()];
    };
    expect(await ask('/live')).toEqual([200, LIVE]);
    live = { live: false, reasons: ['the event loop stood still for 12 s'] };
    expect(await ask('/live')).toEqual([503, live]);
    expect(await ask('/version')).toEqual([200, { release: RELEASE, node: process.versions.node }]);
    expect(await ask('/stats')).toEqual([200, REPORT]);
  });

  it('says that the port is in use', async () => {
    await using server = await serve();
    const port = Number(new URL(server.url).port);

    await expect(serve({ port })).rejects.toThrow(PortError);
    await expect(serve({ port })).rejects.toThrow('the port is in use; choose another port with --operations-port or `sluice.ports`');
  });

  it.each([
    ['127.0.0.1:4195', 200],
    ['localhost', 200],
    ['[::1]:4195', 200],
    ['attacker.example', 421],
    ['attacker.example:4195', 421],
  ])('on a loopback address, answers a request for %s with %i', async (host, status) => {
    await using server = await serve();
    await expect(statusFor(server.url, '/ping', host)).resolves.toBe(status);
  });

  it('on another address, answers under any name', async () => {
    await using server = await serve({ host: '0.0.0.0' });
    await expect(statusFor(`http://127.0.0.1:${new URL(server.url).port}`, '/ping', 'egress.example')).resolves.toBe(200);
  });

  it('answers GET and HEAD of the paths that it has, and nothing else', async () => {
    await using server = await serve();
    const ask = async (path: string, method: string) => {
      const answer = await fetch(`${server.url}${path}`, { method });
      return [answer.status, answer.headers.get('content-type'), await answer.text()];
    };
    const expected = 'expected GET of one of /ping, /ready, /live, /version, /stats, /actors, /metrics';
    const unknown = [404, 'application/json; charset=utf-8', JSON.stringify({ error: expected, code: 'PATH_UNKNOWN' })];
    expect(await ask('/ping?now=1', 'GET')).toEqual([200, 'text/plain; charset=utf-8', 'pong']);
    expect(await ask('/ping', 'HEAD')).toEqual([200, 'text/plain; charset=utf-8', '']);
    expect(await ask('/ping', 'POST')).toEqual(unknown);
    expect(await ask('/constructor', 'GET')).toEqual(unknown);
  });

  it('says what failed', async () => {
    await using server = await serve({
      readiness: () => {
        throw new Error('no snapshot');
      },
    });
    const answer = await fetch(`${server.url}/ready`);
    expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ error: 'Error: no snapshot' })]);
  });

  it('says what is wrong with a path that cannot be decoded', async () => {
    await using server = await serve();
    const answer = await fetch(`${server.url}/%FF`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'expected a path that is percent-encoded UTF-8', code: 'PATH_INVALID' },
    ]);
  });

  it('closes a connection that never finishes its head', { timeout: 60_000 }, async () => {
    await using server = await serve();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /ping HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    socket.resume();
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});
