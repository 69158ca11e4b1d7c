import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function server got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** One answer, or what goes wrong in its place. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array }
  | 'reset'
  | 'half'
  | 'silence';

export const BINARY = { 'content-type': 'application/octet-stream' };
export const NO_EFFECTS: Reply = { status: 200, headers: BINARY, body: Buffer.from('a20600', 'hex') };

/** A function server that gives the replies in turn, and after them answers without effects. */
export class FunctionServer implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  readonly #server;
  #onRequest: (request: ReceivedRequest) => void = () => {};

  private constructor(replies: readonly Reply[]) {
    const left = [...replies];
    this.#server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const received = { method: request.method!, path: request.url!, rawHeaders: request.rawHeaders, body };
        this.requests.push(received);
        this.#onRequest(received);
        respond(response, left.shift() ?? NO_EFFECTS);
      });
    });
  }

  /** @param at a port of the loopback (0 = any free one), or the path of a Unix socket */
  static async start(replies: readonly Reply[] = [], at: number | string = 0): Promise<FunctionServer> {
    const server = new FunctionServer(replies);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.#server.once('error', reject);
    if (typeof at === 'string') server.#server.listen(at, resolve);
    else server.#server.listen(at, '127.0.0.1', resolve);
    await promise;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  onRequest(listener: (request: ReceivedRequest) => void): void {
    this.#onRequest = listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function respond(response: ServerResponse, reply: Reply): void {
  if (reply === 'silence') return;
  if (reply === 'reset') return void response.socket?.resetAndDestroy();
  if (reply === 'half') {
    response.writeHead(200, { ...BINARY, 'content-length': '100' });
    response.write('half', () => response.socket?.destroy());
    return;
  }
  response.writeHead(reply.status ?? 200, reply.headers);
  response.end(reply.body);
}
