// Long: one table of what a connection may meet, with the server that does it.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { randomFor, until } from '@sluice/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BodyBuffers } from '../../wire/body-buffers.ts';
import type { ConnectionSettings } from './open-socket.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Exchange, Reply, Transport } from './transport.ts';

const LARGE = 300_000;

describe('one exchange', () => {
  it('sends a head and a body, and reads what is answered', async () => {
    const server = await startServer(({ reply }) => reply('hello'));
    const { ask } = transportTo(server);
    await expect(ask({ body: 'question' })).resolves.toEqual({ statusCode: 200, text: 'hello' });
    expect(server.requests).toEqual([{ connection: 0, body: 'question' }]);
  });

  it.each([0, 1, 17_000, LARGE])('reads a reply of %i bytes, whatever parts it comes in and whether it is kept or not', async (size) => {
    const { seed, next: random } = randomFor('parts');
    const text = Array.from({ length: size }, (_, index) => String(index % 10)).join('');
    const server = await startServer(({ socket }) => void writeInParts(socket, plain(text), random));
    const { ask } = transportTo(server);
    for (const isKept of [true, false]) {
      const { text: got } = await ask({ isKept });
      expect(got === text, `seed ${seed}`).toBe(true);
    }
    expect(server.connections()).toBe(1);
  });

  it('sends a body of any size in full', async () => {
    const server = await startServer(({ reply, body }) => reply(String(body.length)));
    const { ask } = transportTo(server);
    for (const size of [0, 16_384, 16_385, 3_000_000])
      await expect(ask({ body: 'x'.repeat(size) })).resolves.toMatchObject({ text: String(size) });
  });

  it('tells of each part of a reply that comes', async () => {
    const server = await startServer(async ({ socket }) => {
      for (const part of [plain('abc').slice(0, 10), plain('abc').slice(10)]) {
        socket.write(part);
        await once(socket, 'drain').catch(() => undefined);
      }
    });
    const { ask } = transportTo(server);
    let parts = 0;
    const answer = ask({ onProgress: () => ++parts });
    await until('a part', () => parts > 0);
    server.writeToAll(plain('abc').slice(10));
    await answer;
    expect(parts).toBeGreaterThan(1);
  });

  it('passes on what reading a reply throws, and goes on with the connection', async () => {
    const server = await startServer(({ reply }) => reply('x'));
    const { ask } = transportTo(server);
    const broken = () => {
      throw new Error('not a reply of the service');
    };
    await expect(ask({ read: broken })).rejects.toThrow('not a reply of the service');
    await ask();
    expect(server.connections()).toBe(1);
  });

  it('asks last of all whether it may send, sends nothing if not, and keeps the connection', async () => {
    const server = await startServer(({ reply }) => reply('x'));
    const { ask } = transportTo(server);
    const refuse = () => {
      throw new Error('no longer the owner');
    };
    await expect(ask({ beforeSending: refuse })).rejects.toThrow('no longer the owner');
    await ask();
    expect(server.requests).toEqual([{ connection: 0, body: '' }]);
    expect(server.connections()).toBe(1);
  });
});

describe('a request that waits for a connection', () => {
  it('asks whether it may be sent only when there is one', async () => {
    const held: (() => void)[] = [];
    const server = await startServer(({ reply }) => held.push(() => reply('x')));
    const { ask } = transportTo(server, { maxConnections: 1 });
    const first = ask();
    await until('the first to be asked', () => held.length === 1);
    let isOwner = true;
    const second = ask({
      beforeSending() {
        if (!isOwner) throw new Error('no longer the owner');
      },
    });
    isOwner = false;
    held.pop()!();
    await first;
    await expect(second).rejects.toThrow('no longer the owner');
    expect(server.requests).toHaveLength(1);
  });
});

describe('connections', () => {
  it('are used again, and as many as there are calls', async () => {
    const server = await startServer(({ reply }) => reply('x'));
    const { ask } = transportTo(server);
    for (let call = 0; call < 3; call++) await ask();
    expect(server.connections()).toBe(1);
    await Promise.all([ask(), ask(), ask()]);
    expect(server.connections()).toBe(3);
  });

  it('are no more than allowed: other calls wait, in turn, and one that is aborted gives up its turn', async () => {
    const held: (() => void)[] = [];
    const server = await startServer(({ reply }) => held.push(() => reply('x')));
    const { ask } = transportTo(server, { maxConnections: 1 });
    const first = ask({ body: 'first' });
    const controller = new AbortController();
    const second = ask({ body: 'second', signal: controller.signal });
    const third = ask({ body: 'third' });
    await until('the first to be asked', () => held.length === 1);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    held.pop()!();
    await first;
    await until('the third to be asked', () => held.length === 1);
    held.pop()!();
    await third;
    expect(server.requests.map(({ body }) => body)).toEqual(['first', 'third']);
    expect(server.connections()).toBe(1);
  });

  it('make room for the next when they break', async () => {
    const server = await startServer(({ socket, reply, body }) => (body === 'break' ? socket.destroy() : reply('x')));
    const { ask } = transportTo(server, { maxConnections: 1 });
    const [broken, next] = [ask({ body: 'break' }), ask()];
    await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(next).resolves.toMatchObject({ text: 'x' });
  });

  it.each([
    ['the server says that it closes it', 'connection: close\r\n', {}],
    ['the server would not have kept it any longer', 'keep-alive: timeout=1\r\n', {}],
    ['it was idle for longer than the settings allow', '', { maxIdleMs: 0 }],
  ])('are not used again where %s', async (_, header, settings) => {
    const server = await startServer(({ socket }) => socket.write(plain('x', header)));
    const { ask } = transportTo(server, settings);
    await ask();
    await ask();
    expect(server.connections()).toBe(2);
  });

  it('that the server closed while they were idle are not used again', async () => {
    const server = await startServer(({ socket, reply }) => {
      reply('x');
      socket.end();
    });
    const { ask } = transportTo(server);
    await ask();
    await server.untilClosed(1);
    await expect(ask()).resolves.toMatchObject({ text: 'x' });
    expect(server.connections()).toBe(2);
  });

  it('end with the transport, and so do their calls', async () => {
    const server = await startServer(() => undefined);
    const { ask, transport } = transportTo(server);
    const call = ask();
    await until('the request to arrive', () => server.requests.length === 1);
    transport[Symbol.dispose]();
    await expect(call).rejects.toMatchObject({ code: 'ECONNRESET' });
    await server.untilClosed(1);
  });
});

describe('a reply to something else', () => {
  it.each([
    ['with a second one right behind it', plain('a') + plain('b')],
    ['with one byte too many', `${plain('a')}x`],
    ['whose body is large and one byte too long', `${plain('y'.repeat(LARGE))}x`],
  ])('%s is not believed', async (_, answer) => {
    const server = await startServer(({ socket }) => socket.write(answer));
    const { ask } = transportTo(server);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET', message: expect.stringContaining('got more') });
    await server.untilClosed(1);
  });

  it('that comes while nothing is asked ends the connection', async () => {
    const server = await startServer(({ reply, connection }) => reply(`from ${connection}`));
    const { ask } = transportTo(server);
    await ask();
    server.writeToAll(plain('unasked'));
    await server.untilClosed(1);
    await expect(ask()).resolves.toMatchObject({ text: 'from 1' });
  });

  it('that repeats the one before is known by its id', async () => {
    const server = await startServer(({ socket }) => socket.write(plain('x', 'x-amzn-RequestId: 7\r\n')));
    const { ask } = transportTo(server);
    await ask();
    await expect(ask()).rejects.toThrow('got that to the one before again');
    await server.untilClosed(1);
  });

  it('is not met after a call that was aborted: its connection is closed and its body dropped', async () => {
    const server = await startServer(({ body, reply }) => body !== 'slow' && reply(body));
    const { ask, released } = transportTo(server);
    const controller = new AbortController();
    const slow = ask({ body: 'slow', signal: controller.signal });
    await until('the request to arrive', () => server.requests.length === 1);
    controller.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    await server.untilClosed(1);
    expect(released).toEqual([]);
    await expect(ask({ body: 'next' })).resolves.toMatchObject({ text: 'next' });
    expect(released).toContain('next');
  });
});

describe('a reply that breaks off', () => {
  const reply = plain('0123456789');

  it.each([0, 1, 20, reply.length - 10, reply.length - 1])(
    'after %i bytes is a network error, and its request is not sent again',
    async (length) => {
      const server = await startServer(({ socket }) => socket.end(reply.slice(0, length)));
      const { ask } = transportTo(server);
      await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(server.requests).toHaveLength(1);
    },
  );

  it('in the middle of a large body leaves that body to nobody', async () => {
    const server = await startServer(({ socket }) => socket.end(plain('z'.repeat(LARGE)).slice(0, LARGE / 2)));
    const { ask, released } = transportTo(server);
    await expect(ask()).rejects.toThrow(/^reply ended after \d+ of 300000 bytes$/);
    expect(released).toEqual([]);
  });

  it('because the connection was reset is one too', async () => {
    const server = await startServer(({ socket }) => socket.resetAndDestroy());
    const { ask } = transportTo(server);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([
    ['an endless head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
    ['a length beyond belief', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
  ])('is as good as one with %s', async (_, answer) => {
    const server = await startServer(({ socket }) => socket.write(answer));
    const { ask } = transportTo(server);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await server.untilClosed(1);
  });
});

describe('an early answer', () => {
  it('is passed on, but ends the connection, and the body that is still on its way is used by nobody', async () => {
    const server = await startServer(() => undefined);
    server.onData((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 1\r\n\r\nx');
    });
    const { ask, released } = transportTo(server);
    await expect(ask({ body: 'x'.repeat(50_000_000) })).resolves.toEqual({ statusCode: 413, text: 'x' });
    expect(released).toEqual([]);
    server.resumeAll();
    await server.untilClosed(1);
  });
});

describe('a reply that is not plain', () => {
  it.each([
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'],
    ['behind an interim one', `HTTP/1.1 100 Continue\r\n\r\n${plain('hello')}`],
    ['behind an empty line', `\r\n\r\n${plain('hello')}`],
  ])('%s is read by the library, and the server asked by it from then on', async (_, answer) => {
    const { next: random } = randomFor('chunks');
    const server = await startServer(({ socket }) => void writeInParts(socket, answer, random));
    const { ask, otherwise } = transportTo(server);
    await expect(ask()).resolves.toEqual({ statusCode: 200, text: 'hello' });
    await server.untilClosed(1);
    await ask();
    expect(otherwise()).toBe(1);
    expect(server.requests).toHaveLength(1);
  });

  it('whose end is the end of its connection is read too', async () => {
    const server = await startServer(({ socket }) => socket.end('HTTP/1.0 200 OK\r\n\r\nhello'));
    await expect(transportTo(server).ask()).resolves.toEqual({ statusCode: 200, text: 'hello' });
  });

  it.each([300, 502])('and is no success changes nothing: %i', async (statusCode) => {
    const server = await startServer(({ socket }) =>
      socket.write(`HTTP/1.1 ${statusCode} Bad\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`),
    );
    const { ask, otherwise } = transportTo(server);
    await expect(ask()).resolves.toEqual({ statusCode, text: 'x' });
    await ask();
    expect(otherwise()).toBe(0);
  });

  it.each([
    ['breaks off', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe'],
    ['has a folded header', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: a\r\n b\r\n\r\nhello'],
    ['is no HTTP', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
  ])('and %s is a network error', async (_, answer) => {
    const server = await startServer(({ socket }) => socket.end(answer));
    await expect(transportTo(server).ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends with its call', async () => {
    const server = await startServer(({ socket }) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe'));
    const controller = new AbortController();
    let parts = 0;
    const call = transportTo(server).ask({ signal: controller.signal, onProgress: () => ++parts });
    await until('a part', () => parts > 0);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await server.untilClosed(1);
  });
});

describe('opening a connection', () => {
  it('fails where nobody listens, also for those who wait for their turn', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const { ask } = transportTo(server, { maxConnections: 1 });
    const outcomes = await Promise.allSettled([ask(), ask(), ask()]);
    expect(outcomes).toEqual(
      Array.from(outcomes, () => ({ status: 'rejected', reason: expect.objectContaining({ code: 'ECONNREFUSED' }) })),
    );
  });

  it('ends with its transport, and nothing is sent', async () => {
    const server = await startServer(({ reply }) => reply('x'));
    const { ask, transport } = transportTo(server);
    const call = ask();
    transport[Symbol.dispose]();
    await expect(call).rejects.toMatchObject({ code: 'ECONNRESET' });
    await server.untilClosed(1);
    expect(server.requests).toEqual([]);
  });

  it('ends with its call', async () => {
    const server = await startServer(() => undefined);
    const { ask } = transportTo(server);
    const call = ask({ signal: AbortSignal.abort(new Error('enough')) });
    await expect(call).rejects.toThrow('enough');
    expect(server.requests).toEqual([]);
  });

  it('ends with its call while TLS is agreed on', async () => {
    const silent = await startServer(() => undefined);
    const controller = new AbortController();
    const call = transportTo({ ...silent, protocol: 'https:' }).ask({ signal: controller.signal });
    await until('a connection', () => silent.connections() === 1);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await silent.untilClosed(1);
  });
});

/** A plain reply. */
function plain(text: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${text.length}\r\n\r\n${text}`;
}

async function writeInParts(socket: Socket, text: string, random: () => number): Promise<void> {
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() ** 3 * Math.min(text.length, 100_000));
    await new Promise((resolve) => socket.write(text.slice(at, at + length), resolve));
    await new Promise(setImmediate);
    at += length;
  }
}

interface Asked {
  readonly socket: Socket;
  readonly connection: number;
  readonly body: string;
  reply(text: string): void;
}

/** A server that reads requests by their length. */
async function startServer(answer: (asked: Asked) => unknown) {
  const sockets: Socket[] = [];
  const requests: { readonly connection: number; readonly body: string }[] = [];
  let closed = 0;
  let onData: ((socket: Socket) => void) | undefined;
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      if (onData) return onData(socket);
      received += part;
      const start = received.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/.exec(received)?.[1]);
      if (start < 4 || received.length < start + length) return;
      const body = received.slice(start, start + length);
      received = received.slice(start + length);
      requests.push({ connection, body });
      answer({ socket, connection, body, reply: (text) => void socket.write(plain(text)) });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => ++closed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  return {
    protocol: 'http:',
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => sockets.length,
    untilClosed: (count: number) => until(`${count} closed connections`, () => closed >= count),
    writeToAll: (text: string) => sockets.forEach((socket) => void socket.write(text)),
    resumeAll: () => sockets.forEach((socket) => void socket.resume()),
    /** Instead of reading requests. */
    onData(then: (socket: Socket) => void) {
      onData = then;
    },
    close,
  };
}

interface Question {
  readonly body?: string;
  readonly isKept?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: () => void;
  readonly beforeSending?: () => void;
  readonly read?: (reply: Reply) => never;
}

function transportTo({ protocol, port }: { readonly protocol: string; readonly port: number }, settings: ConnectionSettings = {}) {
  const released: string[] = [];
  const buffers = new BodyBuffers();
  buffers.release = (body) => void released.push(Buffer.from(body).toString('latin1', 0, 20));
  let asked = 0;
  const otherwise: Transport = {
    exchange: async ({ read }) => {
      asked++;
      return read({ statusCode: 200, headers: {}, body: Buffer.alloc(0) });
    },
    [Symbol.dispose]: () => undefined,
  };
  const transport = new SocketTransport(settings, { buffers, otherwise });
  onTestFinished(() => transport[Symbol.dispose]());
  const host = `127.0.0.1:${port}`;
  const ask = ({ body = '', isKept = false, signal, onProgress, beforeSending, read }: Question = {}) => {
    const exchange: Exchange<{ readonly statusCode: number; readonly text: string }> = {
      endpoint: { protocol, hostname: '127.0.0.1', port, host, path: '/' },
      request: { headers: { host, 'content-length': String(body.length) }, body: Buffer.from(body) },
      beforeSending: beforeSending ?? (() => undefined),
      keepsBody: () => isKept,
      read: read ?? (({ statusCode, body: bytes }) => ({ statusCode, text: bytes.toString('latin1') })),
      onProgress: onProgress ?? (() => undefined),
    };
    return transport.exchange(exchange, signal ?? new AbortController().signal);
  };
  return { transport, ask, released, otherwise: () => asked };
}
