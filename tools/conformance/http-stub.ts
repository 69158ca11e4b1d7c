/** The HTTP server that recorded cases of processors ask, and what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const BOUNDARY = 'stub-boundary';

export class HttpStub implements AsyncDisposable {
  // One request a connection, so that its first bytes say the method.
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new Set<Socket>();
  /** Node's own server refuses a method in lower case before anyone sees it. */
  readonly #methods = new WeakMap<Socket, string>();
  readonly #server = createSocketServer((socket) => this.#connected(socket));
  readonly #counts = new Map<string, number>();
  readonly requests: StubRequest[] = [];

  static async start(): Promise<HttpStub> {
    const stub = new HttpStub();
    stub.#http.maxRequestsPerSocket = 1;
    stub.#server.listen(0, '127.0.0.1');
    await once(stub.#server, 'listening');
    return stub;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Hands the connection on with its method in upper case. */
  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.once('data', (first) => {
      const method = /^[A-Za-z]*/.exec(first.toString('latin1'))![0];
      this.#methods.set(socket, method);
      socket.pause();
      socket.unshift(Buffer.concat([Buffer.from(method.toUpperCase()), first.subarray(method.length)]));
      this.#http.emit('connection', socket);
      socket.resume();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.requests.push(this.#recorded(request, body));
    response.setHeader('X-Stub', 'yes');
    const { pathname } = new URL(request.url!, 'http://stub');
    const [, kind = '', first = '', second = ''] = pathname.split('/');
    const send = (status: number, text: string, headers: Readonly<Record<string, string | string[]>> = {}) =>
      void response.writeHead(status, headers).end(text);
    switch (kind) {
      case 'echo':
        return send(200, body.toUpperCase(), { 'Content-Type': 'text/plain' });
      case 'json':
        return send(200, JSON.stringify({ method: this.#methods.get(request.socket), body }), { 'Content-Type': 'application/json' });
      case 'status':
        return send(
          Number(first),
          ['204', '304'].includes(first) ? '' : `status ${first}`,
          first.startsWith('3') ? { Location: '/echo' } : {},
        );
      case 'flaky':
        return this.#flaky(pathname, Number(first)) ? send(Number(second), 'not yet') : send(200, `ok after ${this.#counts.get(pathname)}`);
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        return send(200, 'slow');
      case 'multi':
        return send(200, MULTI, { 'Content-Type': `multipart/mixed; boundary=${BOUNDARY}` });
      case 'multihead':
        return send(200, '', { 'X-Many': ['a', 'b'] });
      case 'fail':
        return send(body.includes('bad') ? 400 : 200, `got ${body}`);
      default:
        return send(200, '');
    }
  }

  #flaky(path: string, failures: number): boolean {
    const count = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, count);
    return count <= failures;
  }

  #recorded({ url = '', rawHeaders, socket }: IncomingMessage, body: string): StubRequest {
    const headers: Record<string, string> = {};
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!];
      if (IGNORED.has(name.toLowerCase()) || (name.toLowerCase() === 'host' && value === this.host)) continue;
      headers[HOST.get(name) ?? name] = this.#named(value === 'sluice' ? 'Go-http-client/1.1' : value);
    }
    const [, boundary] = /boundary=([^;]+)/.exec(headers['Content-Type'] ?? '') ?? [];
    const general = (text: string) => (boundary ? text.replaceAll(boundary, 'BOUNDARY') : text);
    return {
      method: this.#methods.get(socket)!,
      path: url,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, general(value)])),
      body: general(body),
    };
  }

  #named(text: string): string {
    return text.replaceAll(this.host, 'STUB');
  }
}

const MULTI = `--${BOUNDARY}\r\nX-Part: one\r\n\r\npart one\r\n--${BOUNDARY}\r\n\r\npart two\r\n--${BOUNDARY}--\r\n`;
const IGNORED: ReadonlySet<string> = new Set(['accept-encoding', 'content-length', 'connection', 'transfer-encoding', 'keep-alive']);
const HOST: ReadonlyMap<string, string> = new Map([['host', 'Host']]);
