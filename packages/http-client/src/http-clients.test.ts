import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@sluice/core';
import type { HttpClientSettings, HttpRequest } from '@sluice/processors';
import { afterEach, describe, expect, it } from 'vitest';
import { httpClients } from './http-clients.ts';

const servers: Server[] = [];
const clients: ReturnType<typeof httpClients>[] = [];

afterEach(async () => {
  for (const one of clients.splice(0)) await one.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('an HTTP client', () => {
  it('sends what it is given and answers what came', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(201, { 'X-Many': ['a', 'b'] }).end('made'));
    const outcome = await clientOf().send(requestTo(url), NEVER);
    expect([outcome.problem, outcome.answer?.status, outcome.answer?.headers['x-many'], textOf(outcome)]).toEqual([
      undefined,
      201,
      ['a', 'b'],
      'made',
    ]);
    expect(seen).toEqual(['PUT /path?q=1 body X-Own=1']);
  });

  it('tries again after a failure, but not after a status that ends it', async () => {
    const flaky = await serve((_, response, count) => response.writeHead(count < 3 ? 500 : 200).end(`answer ${count}`));
    expect(textOf(await clientOf({ retries: 3 }).send(requestTo(flaky.url), NEVER))).toBe('answer 3');
    const gone = await serve((_, response) => response.writeHead(410).end('gone'));
    const outcome = await clientOf({ retries: 3, dropOn: [410] }).send(requestTo(gone.url), NEVER);
    expect([gone.seen.length, outcome.isRefused, outcome.problem]).toEqual([
      1,
      true,
      `${gone.url}/path?q=1: HTTP request returned unexpected response code (410): 410 Gone, Error: gone`,
    ]);
  });

  it('logs in as its URL says, and shows that to nobody', async () => {
    const logins: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      logins.push(request.headers.authorization, request.headers.referer);
      if (request.url === '/next') response.writeHead(500).end();
      else response.writeHead(307, { Location: '/next' }).end();
    });
    const withLogin = url.replace('http://', 'http://me:se%20cret@');
    const outcome = await clientOf().send(requestTo(withLogin), NEVER);
    expect(logins).toEqual([`Basic ${Buffer.from('me:se cret').toString('base64')}`, undefined, logins[0], `${url}/path?q=1`]);
    expect(outcome.problem).toBe(
      `${url}/path?q=1: HTTP request returned unexpected response code (500): 500 Internal Server Error, Error: `,
    );
    const silent = await clientOf().send(requestTo(withLogin.replace(/:\d+$/, ':1')), NEVER);
    expect(silent.problem).toContain('connection refused');
    expect(silent.problem).not.toContain('cret');
  });

  it('asks before each attempt', async () => {
    const { url } = await serve((_, response) => response.writeHead(500).end());
    let asked = 0;
    await clientOf({ retries: 2 }).send(requestTo(url), NEVER, async () => void asked++);
    expect(asked).toBe(3);
  });

  it('counts statuses as successes where it is told so', async () => {
    const { url } = await serve((_, response) => response.writeHead(404).end('none'));
    expect((await clientOf({ successfulOn: [404] }).send(requestTo(url), NEVER)).problem).toBeUndefined();
  });

  it.each([
    [302, ['PUT /path?q=1 body X-Own=1', 'GET /next  X-Own=1']],
    [307, ['PUT /path?q=1 body X-Own=1', 'PUT /next body X-Own=1']],
  ])('follows %i as browsers do', async (status, expected) => {
    const { url, seen } = await serve((request, response) =>
      request.url === '/next' ? response.end('there') : response.writeHead(status, { Location: '/next' }).end(),
    );
    expect(textOf(await clientOf().send(requestTo(url), NEVER))).toBe('there');
    expect(seen).toEqual(expected);
    expect((await clientOf({ followsRedirects: false }).send(requestTo(url), NEVER)).answer?.status).toBe(status);
  });

  it('does not follow for ever, nor show a login to another server', async () => {
    const loop = await serve((_, response) => response.writeHead(302, { Location: '/again' }).end());
    expect((await clientOf().send(requestTo(loop.url), NEVER)).problem).toContain('stopped after 10 redirects');
    const other = await serve((request, response) => response.end(String(request.headers.authorization)));
    const first = await serve((_, response) => response.writeHead(307, { Location: other.url }).end());
    const request = { ...requestTo(first.url), headers: { Authorization: 'secret' } };
    expect(textOf(await clientOf().send(request, NEVER))).toBe('undefined');
  });

  it('says what kept it from an answer', async () => {
    expect((await clientOf().send(requestTo('http://127.0.0.1:1'), NEVER)).problem).toBe(
      'http://127.0.0.1:1/path?q=1: Put "http://127.0.0.1:1/path?q=1": dial tcp 127.0.0.1:1: connect: connection refused',
    );
    const silent = await serve(() => undefined);
    expect((await clientOf({ timeoutMs: 20 }).send(requestTo(silent.url), NEVER)).problem).toContain('context deadline exceeded');
  });

  it('ends when nobody wants the answer any more', async () => {
    const giveUp = new AbortController();
    const silent = await serve(() => giveUp.abort(new Error('given up')));
    await expect(clientOf().send(requestTo(silent.url), giveUp.signal)).rejects.toThrow('given up');
  });

  it('refuses a proxy that is no URL', () => {
    expect(() => clientOf({ proxyUrl: '::bad' })).toThrow('failed to parse proxy_url string');
  });
});

const NEVER = new AbortController().signal;

const SETTINGS: HttpClientSettings = {
  timeoutMs: 60_000,
  followsRedirects: true,
  retries: 0,
  retryPeriodMs: 1,
  maxRetryBackoffMs: 2,
  backoffOn: [429],
  dropOn: [],
  successfulOn: [],
  proxyUrl: undefined,
  tls: { verifiesServer: true, rootCertificates: undefined, clientCertificates: [] },
};

function clientOf(settings: Partial<HttpClientSettings> = {}) {
  const opened = httpClients(systemClock);
  clients.push(opened);
  return opened.open({ ...SETTINGS, ...settings });
}

const requestTo = (url: string): HttpRequest => ({
  url: `${url}/path?q=1`,
  method: 'PUT',
  headers: { 'x-own': '1' },
  body: Buffer.from('body'),
});

const textOf = ({ answer }: { readonly answer: { readonly body: Uint8Array } | undefined }) =>
  answer && Buffer.from(answer.body).toString();

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => unknown;

async function serve(answer: Answer) {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    const own = request.rawHeaders.indexOf('X-Own');
    seen.push(`${request.method} ${request.url} ${body} ${own < 0 ? '' : `X-Own=${request.rawHeaders[own + 1]}`}`.trim());
    answer(request, response, seen.length);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
