import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { EndpointTransport } from '@sluice/config';
import { type Clock, systemClock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptFailure } from './attempt-failure.ts';
import { FunctionCallError } from './errors.ts';
import { asyncTransport, endpointOf, OKHTTP } from './testing/endpoints.ts';
import { BINARY, FunctionServer, NO_EFFECTS, type Reply } from './testing/function-server.ts';
import { createTransport, type Transport } from './transport.ts';

const REQUEST = Buffer.from('a2060612040a026578', 'hex');
const NOTHING = { type: 'result', mutations: [], messages: [], delayed: [], egress: [] };
const EMPTY: Reply = { headers: BINARY };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe('a request', () => {
  it('of the async transport has the headers of the original', async () => {
    const { server, transport } = await serve([NO_EFFECTS]);
    await transport.call('greet', REQUEST, { headers: ['sluice-stream', 's'] });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/fn/greet?a=greet', body: REQUEST });
    expect(pairs(request!.rawHeaders)).toEqual({
      'content-type': 'application/octet-stream',
      accept: 'application/octet-stream',
      'accept-encoding': 'gzip,deflate',
      connection: 'keep-alive',
      'user-agent': 'statefun',
      host: server.url.slice('http://'.length),
      'content-length': '9',
      'sluice-stream': 's',
    });
  });

  it('of the okhttp transport has those of the older client', async () => {
    const { server, transport } = await serve([NO_EFFECTS], OKHTTP);
    await transport.call('greet', REQUEST);
    expect(pairs(server.requests[0]!.rawHeaders)).toEqual({
      'Content-Type': 'application/octet-stream',
      'Accept-Encoding': 'gzip',
      'User-Agent': 'okhttp/3.14.6',
      connection: 'keep-alive',
      host: server.url.slice('http://'.length),
      'content-length': '9',
    });
  });

  it.each([asyncTransport(), OKHTTP])('goes over a Unix socket', async (settings) => {
    const path = join(tmpdir(), `sluice-functions-${process.pid}.sock`);
    rmSync(path, { force: true });
    const server = await FunctionServer.start([], path);
    const transport = createTransport(endpointOf(`http+unix://${path}/unix/{function.name}`, settings), { clock: systemClock });
    cleanups.push(
      () => server[Symbol.asyncDispose](),
      () => transport.close(),
    );
    await expect(transport.call('fn', REQUEST)).resolves.toEqual(NOTHING);
    expect(server.requests[0]!.path).toBe('/%2Funix%2Ffn');
    expect(server.requests[0]!.rawHeaders).toContain('unused');
  });
});

describe('an answer', () => {
  it.each<[string, Reply]>([
    ['without body', EMPTY],
    ['with status 201', { status: 201, headers: BINARY, body: Buffer.from('a20600', 'hex') }],
    ['with its content type in other letters', { headers: { 'content-type': 'Application/Octet-Stream' } }],
    ['in gzip', { headers: { ...BINARY, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.from('a20600', 'hex')) }],
    ['in deflate', { headers: { ...BINARY, 'content-encoding': 'deflate' }, body: deflateSync(Buffer.from('a20600', 'hex')) }],
    [
      'in deflate without its header',
      { headers: { ...BINARY, 'content-encoding': 'deflate' }, body: deflateRawSync(Buffer.from('a20600', 'hex')) },
    ],
  ])('%s is a result', async (_, reply) => {
    const { server, transport } = await serve([reply, 'reset']);
    await expect(transport.call('f', REQUEST)).resolves.toEqual(NOTHING);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Reply, Partial<AttemptFailure>]>([
    ['a failure', { status: 500 }, { kind: 'status', why: 'HTTP status 500', status: 500 }],
    ['not found', { status: 404, headers: BINARY }, { kind: 'status', status: 404 }],
    ['a redirect', { status: 302, headers: { location: '/other' } }, { kind: 'status', status: 302 }],
    ['no content', { status: 204 }, { kind: 'answer', status: 204 }],
    ['no content type', {}, { kind: 'answer', why: expect.stringContaining('got none') }],
    ['a content type with a parameter', { headers: { 'content-type': 'application/octet-stream; charset=utf-8' } }, { kind: 'answer' }],
    ['another content type', { headers: { 'content-type': 'text/html' } }, { why: expect.stringContaining('got `text/html`') }],
    ['garbage', { headers: BINARY, body: Buffer.from('not a FromFunction') }, { kind: 'answer', status: 200 }],
    ['broken gzip', { headers: { ...BINARY, 'content-encoding': 'gzip' }, body: REQUEST }, { why: 'the gzip body cannot be read' }],
    [
      'an unknown encoding',
      { headers: { ...BINARY, 'content-encoding': 'br' }, body: REQUEST },
      { why: expect.stringContaining('got `br`') },
    ],
    ['more than is allowed', { headers: BINARY, body: Buffer.alloc(2000) }, { why: 'the answer is larger than 1000 bytes' }],
    [
      'more than is allowed in gzip',
      { headers: { ...BINARY, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(9000)) },
      { why: 'the answer is larger than 1000 bytes' },
    ],
    ['a reset', 'reset', { kind: 'connection', isRefused: false }],
    ['half an answer', 'half', { kind: 'connection' }],
  ])('that is %s is tried again by the async transport, with the same bytes', async (_, reply, failure) => {
    const { server, transport, failures } = await serve([reply, reply], asyncTransport({ payloadMaxBytes: 1000 }));
    await expect(transport.call('f', REQUEST)).resolves.toEqual(NOTHING);
    expect(failures).toHaveLength(2);
    expect(failures[0]).toMatchObject(failure);
    expect(server.requests.map(({ body }) => body)).toEqual([REQUEST, REQUEST, REQUEST]);
  });

  it.each<[string, Reply]>([
    ['HTTP status 404', { status: 404 }],
    ['expected the content type', { headers: { 'content-type': 'text/plain' } }],
    ['expected the answer of a function', { headers: BINARY, body: Buffer.from('not a FromFunction') }],
  ])('of which okhttp says `%s` is not tried again', async (why, reply) => {
    const { server, transport } = await serve([reply], OKHTTP);
    await expect(transport.call('f', REQUEST)).rejects.toThrow(`call of ${server.url}/fn/f failed after one attempt: ${why}`);
    expect(server.requests).toHaveLength(1);
  });

  it.each<Reply>([{ status: 503 }, { status: 429 }, { status: 409 }, 'reset', 'half'])('of %j is tried again by okhttp', async (reply) => {
    const { server, transport } = await serve([reply], OKHTTP);
    await expect(transport.call('f', REQUEST)).resolves.toEqual(NOTHING);
    expect(server.requests).toHaveLength(2);
  });

  it('that redirects is followed by okhttp, as it was', async () => {
    const other = await serve([NO_EFFECTS], OKHTTP);
    const { server, transport } = await serve(
      [
        { status: 307, headers: { location: '/there?x=1' } },
        { status: 302, headers: { location: `${other.server.url}/moved` } },
      ],
      OKHTTP,
    );
    await expect(transport.call('f', REQUEST)).resolves.toEqual(NOTHING);
    expect(server.requests.map(({ path }) => path)).toEqual(['/fn/f?a=f', '/there?x=1']);
    expect(other.server.requests).toMatchObject([{ method: 'POST', path: '/moved', body: REQUEST }]);
  });

  it('that redirects without end fails the attempt', async () => {
    const { transport, failures } = await serve(Array<Reply>(50).fill({ status: 301, headers: { location: '/again' } }), OKHTTP);
    await transport.call('f', REQUEST).catch(() => {});
    expect(failures[0]).toMatchObject({ kind: 'connection', why: 'more than 20 redirects' });
  });
});

describe('a call', () => {
  it('of the async transport gives up when its time is over, after pauses of 4, 8, 16 … ms', async () => {
    const clock = new ManualClock();
    const { server, transport } = await serve(Array<Reply>(50).fill({ status: 500 }), asyncTransport({ callMs: 4000 }), clock);
    const startedAt = timesOf(server, clock);
    const error = await transport.call('f', REQUEST).catch((thrown: unknown) => thrown);
    expect(startedAt).toEqual([0, 4, 12, 28, 60, 124, 252, 508, 1020, 2044]);
    expect(error).toBeInstanceOf(FunctionCallError);
    expect(error).toMatchObject({
      code: 'FUNCTION_CALL_FAILED',
      disposition: 'retry',
      status: 500,
      message: `call of ${server.url}/fn/f failed after 10 attempts in 4000 ms: HTTP status 500`,
    });
  });

  it('of okhttp makes one more attempt at the end of its time, after pauses of 10, 20, 40 … ms', async () => {
    const clock = new ManualClock();
    const { server, transport } = await serve(Array<Reply>(50).fill({ status: 500 }), { ...OKHTTP, callMs: 4000 }, clock);
    const startedAt = timesOf(server, clock);
    await expect(transport.call('f', REQUEST)).rejects.toThrow('failed after 10 attempts in 4000 ms: HTTP status 500');
    expect(startedAt).toEqual([0, 10, 30, 70, 150, 310, 630, 1270, 2550, 4000]);
  });

  it('that is not answered is given up when its time is over, and not tried again', async () => {
    const clock = new ManualClock();
    const { server, transport, failures } = await serve(['silence'], asyncTransport({ callMs: 4000 }), clock);
    server.onRequest(() => clock.advance(4000));
    await expect(transport.call('f', REQUEST)).rejects.toThrow('no answer within 4000 ms');
    expect(failures).toMatchObject([{ kind: 'timeout', status: undefined }]);
    expect(server.requests).toHaveLength(1);
  });

  it('waits as long as the server asks for', async () => {
    const clock = new ManualClock();
    const { server, transport, failures } = await serve([{ status: 429, headers: { 'retry-after': '2' } }], asyncTransport(), clock);
    const startedAt = timesOf(server, clock);
    await expect(transport.call('f', REQUEST)).resolves.toEqual(NOTHING);
    expect(startedAt).toEqual([0, 2000]);
    expect(failures).toMatchObject([{ status: 429, retryAfterMs: 2000 }]);
  });

  it('fails at once where the server asks for more time than is left', async () => {
    const { transport } = await serve([{ status: 503, headers: { 'retry-after': '121' } }]);
    await expect(transport.call('f', REQUEST)).rejects.toMatchObject({ status: 503, retryAfterMs: 121_000 });
  });

  it('says where nobody listens', async () => {
    const { server, transport, failures } = await serve([], asyncTransport({ callMs: 20 }), new ManualClock());
    await server[Symbol.asyncDispose]();
    await expect(transport.call('f', REQUEST)).rejects.toThrow('after 3 attempts in 20 ms: ECONNREFUSED');
    expect(failures[0]).toMatchObject({ kind: 'connection', isRefused: true });
  });

  it('ends with the reason of its signal, in a request and in a pause', async () => {
    for (const reply of ['silence', { status: 429, headers: { 'retry-after': '60' } }] as const) {
      const { server, transport } = await serve([reply]);
      const stop = new AbortController();
      server.onRequest(() => setImmediate(() => stop.abort(new Error('lease lost'))));
      await expect(transport.call('f', REQUEST, { signal: stop.signal })).rejects.toThrow('lease lost');
    }
  });

  it('waits for a connection where all are in use', async () => {
    const { server, transport } = await serve([], asyncTransport({ poolSize: 2 }));
    await Promise.all(Array.from({ length: 20 }, () => transport.call('f', REQUEST)));
    expect(server.requests).toHaveLength(20);
  });

  it.each(['{function.name}', 'ftp://host/f', 'http+unix:///no/socket'])('to %s is refused with a reason', async (template) => {
    const transport = createTransport(endpointOf(template, asyncTransport()), { clock: systemClock });
    await expect(transport.call('f', REQUEST)).rejects.toMatchObject({ code: 'FUNCTION_ENDPOINT_UNUSABLE' });
  });

  it('needs certificates that can be read', () => {
    const build = (path: string) => () =>
      createTransport(endpointOf('https://host/', asyncTransport({ trustCaCerts: path })), { clock: systemClock });
    expect(build('/nowhere/ca.pem')).toThrow('endpoint ex/*: `trust_cacerts`: /nowhere/ca.pem cannot be read');
    expect(build('classpath:ca.pem')).toThrow('there is no class path here');
  });
});

/** A server with these replies, and a transport to it. */
async function serve(replies: readonly Reply[], settings: EndpointTransport = asyncTransport(), clock: Clock = systemClock) {
  const failures: AttemptFailure[] = [];
  const server = await FunctionServer.start(replies);
  const onFailedAttempt = (failure: AttemptFailure) => {
    failures.push(failure);
    // The call sets its timer next; the clock moves until it fires.
    if (clock instanceof ManualClock && failure.kind !== 'timeout')
      setImmediate(() => {
        while (clock.pendingTimers > 0) clock.advance(1);
      });
  };
  const { call, close } = createTransport(endpointOf(`${server.url}/fn/{function.name}?a={function.name}`, settings), { clock });
  const transport: Transport = { call: (name, body, options) => call(name, body, { onFailedAttempt, ...options }), close };
  cleanups.push(
    () => server[Symbol.asyncDispose](),
    () => transport.close(),
  );
  return { server, transport, failures };
}

function timesOf(server: FunctionServer, clock: Clock): number[] {
  const times: number[] = [];
  server.onRequest(() => times.push(clock.monotonic()));
  return times;
}

const pairs = (list: readonly string[]) =>
  Object.fromEntries(list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : [])));
