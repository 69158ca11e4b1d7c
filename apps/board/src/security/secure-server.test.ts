import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BoardLogin, type BoardSettings, Secret } from '@sluice/config';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { startBoard } from '../board.ts';

const ADA: BoardLogin = { type: 'basic', username: 'ada', password: new Secret('hunter2') };
const OPEN = ['/ping', '/live', '/ready', '/version', '/metrics'];
const CLOSED = ['/', '/queues', '/queues/api/queues', '/queues/static/favicon.ico', '/api/session'];

const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

describe('a board without a login', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'board.example.com'])('does not start on %s', async (host) => {
    await expect(start({ host })).rejects.toThrow(
      `expected a login for a board that listens on ${host}, found none: set sluice.board.login`,
    );
  });

  it('answers only under names of this machine', async () => {
    await using board = await start();
    const ask = async (host: string) => (await board.ask('/ping', { host })).status;
    expect([await ask('localhost'), await ask('127.0.0.1:80'), await ask('evil.example')]).toEqual([200, 200, 421]);
  });

  it('answers under names that are allowed', async () => {
    await using board = await start({ allowedHosts: ['board.example.com'] });
    const ask = async (host: string) => (await board.ask('/ping', { host })).status;
    expect([await ask('board.example.com'), await ask('evil.example')]).toEqual([200, 421]);
  });
});

describe('a board with a user and a password', () => {
  it('keeps everything but its health behind them', async () => {
    await using board = await start({ login: ADA });
    for (const path of OPEN) expect([path, (await board.ask(path)).status]).not.toEqual([path, 401]);
    for (const path of CLOSED) {
      const { status, headers, body } = await board.ask(path);
      expect([path, status, headers['www-authenticate']]).toEqual([path, 401, 'Basic realm="Sluice", charset="UTF-8"']);
      if (path.startsWith('/api')) expect(body).toEqual({ code: 'LOGIN_REQUIRED', error: 'expected a user and a password, found none' });
    }
  });

  it('lets its user in', async () => {
    await using board = await start({ login: ADA });
    const { status, body } = await board.ask('/api/session', basic('ada', 'hunter2'));
    expect([status, body]).toEqual([200, expect.objectContaining({ user: 'ada', readOnly: false, payloads: false })]);
  });

  it('takes the password from a file', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'sluice-board-')), 'password');
    const login: BoardLogin = { type: 'basic', username: 'ada', password: { file } };
    await expect(start({ login })).rejects.toThrow(`expected a file with the password of the board at ${file}, found ENOENT`);
    await writeFile(file, '\n');
    await expect(start({ login })).rejects.toThrow('found an empty one');
    await writeFile(file, 'hunter2\n');
    await using board = await start({ login });
    expect((await board.ask('/api/session', basic('ada', 'hunter2'))).status).toBe(200);
  });

  it.each([
    ['ada', 'hunter3'],
    ['eve', 'hunter2'],
    ['ada', ''],
  ])('refuses %s with %s, and soon does not listen any more', async (username, password) => {
    await using board = await start({ login: ADA });
    for (let n = 0; n < 10; n++) {
      const { status, body } = await board.ask('/api/session', basic(username, password));
      expect([status, body.code]).toEqual([401, 'LOGIN_REQUIRED']);
    }
    const { status, body, headers } = await board.ask('/api/session', basic('ada', 'hunter2'));
    expect([status, body.code, Number(headers['retry-after'])]).toEqual([429, 'LOGIN_BLOCKED', expect.closeTo(60, -2)]);
    expect((await board.ask('/ping')).status).toBe(200);
  });

  it('logs who failed to log in, without what was typed', async () => {
    const lines: unknown[] = [];
    await using board = await start({ login: ADA, logger: { ...silentLogger, warn: (...line: unknown[]) => void lines.push(line) } });
    await board.ask('/api/session', basic('hunter2', 'ada'));
    expect(lines).toEqual([['failed login', { address: '127.0.0.1' }]]);
  });

  it('starts on any address', async () => {
    await using board = await start({ login: ADA, host: '0.0.0.0' });
    expect((await board.ask('/ping', { host: 'board.example.com' })).status).toBe(200);
  });
});

describe('a board behind a proxy that checks users', () => {
  const login = (addresses: string[]): BoardLogin => ({ type: 'proxy', header: 'X-Forwarded-User', addresses });

  it('believes the header of the proxy', async () => {
    await using board = await start({ login: login(['127.0.0.1']) });
    expect((await board.ask('/api/session', { 'x-forwarded-user': 'ada' })).body).toMatchObject({ user: 'ada' });
    expect((await board.ask('/api/session')).status).toBe(401);
  });

  it('does not believe anybody else', async () => {
    await using board = await start({ login: login(['10.0.0.1']) });
    expect((await board.ask('/api/session', { 'x-forwarded-user': 'ada' })).body).toEqual({
      code: 'LOGIN_REQUIRED',
      error: 'expected a request from the proxy that sluice.board.login.proxy_addresses names, found one from 127.0.0.1',
    });
  });
});

describe('what changes something', () => {
  const act = { method: 'PUT', path: '/queues/api/queues/x/pause' };

  it('needs the token of the page, also without a login', async () => {
    await using board = await start();
    const { csrfToken } = (await board.ask('/api/session')).body;
    expect((await board.ask(act.path, {}, act.method)).body.code).toBe('CSRF_TOKEN_INVALID');
    expect((await board.ask(act.path, { 'x-csrf-token': csrfToken }, act.method)).body.code).not.toBe('CSRF_TOKEN_INVALID');
  });

  it('needs the token of the same user', async () => {
    const login: BoardLogin = { type: 'proxy', header: 'X-User', addresses: ['127.0.0.1'] };
    await using board = await start({ login });
    const { csrfToken } = (await board.ask('/api/session', { 'x-user': 'eve' })).body;
    const answer = await board.ask(act.path, { 'x-user': 'ada', 'x-csrf-token': csrfToken }, act.method);
    expect([answer.status, answer.body.code]).toEqual([403, 'CSRF_TOKEN_INVALID']);
  });

  it('is refused to a page of another site, even with a token', async () => {
    await using board = await start();
    const { csrfToken } = (await board.ask('/api/session')).body;
    for (const header of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await board.ask(act.path, { ...header, 'x-csrf-token': csrfToken }, act.method);
      expect([answer.status, answer.body.code]).toEqual([403, 'ORIGIN_FOREIGN']);
    }
  });

  it('is refused on a board that is read-only', async () => {
    await using board = await start({ readOnly: true });
    const { csrfToken, readOnly } = (await board.ask('/api/session')).body;
    const answer = await board.ask(act.path, { 'x-csrf-token': csrfToken }, act.method);
    expect([readOnly, answer.status, answer.body.code]).toEqual([true, 403, 'READ_ONLY']);
  });
});

it('sends headers by which a browser lets no other host take part', async () => {
  await using board = await start({ login: ADA });
  for (const path of ['/ping', '/', '/nowhere', '/queues']) {
    const { headers } = await board.ask(path);
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'self';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

it('says that Redis is not there yet', async () => {
  await using board = await start();
  expect((await board.ask('/ready')).status).toBe(503);
  expect(await board.ask('/queues/api/queues')).toMatchObject({ status: 503 });
});

interface Asked {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the board answers
  readonly body: any;
}

/** A board without Redis. */
async function start({
  host = '127.0.0.1',
  logger = silentLogger,
  ...settings
}: Partial<BoardSettings> & { readonly host?: string; readonly logger?: Logger } = {}) {
  const board = await startBoard({
    settings: { login: undefined, readOnly: false, payloads: false, allowedHosts: [], ...settings },
    ...{ keyPrefix: 'sluice', host, port: 0, logger, clock: systemClock },
  });
  return {
    /** Not by `fetch`, which lets nobody choose Host, Origin and Sec-Fetch-Site. */
    async ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Asked> {
      const [answer] = await once(request({ port: new URL(board.url).port, host: '127.0.0.1', path, method, headers }).end(), 'response');
      const text = (await answer.setEncoding('utf8').toArray()).join('');
      const isJson = String(answer.headers['content-type']).startsWith('application/json');
      return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    [Symbol.asyncDispose]: () => board[Symbol.asyncDispose](),
  };
}
