import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { addressOf, type Exchange, type HttpRequest, messagesOf } from './exchanges-case.ts';

/** A function server that answers as recorded: each address in turn with what it got then. */
export class RecordedServer implements AsyncDisposable {
  /** Requests to the addresses of the scenario that is played, in the order of their arrival. */
  readonly requests: HttpRequest[] = [];
  readonly arrived = new Set<Exchange>();
  readonly answered = new Set<Exchange>();
  #left = new Map<string, Exchange[]>();
  #answerMs = 0;
  readonly #server = createServer((incoming, response) => void this.#serve(incoming, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param answerMs how long each answer takes */
  play(exchanges: readonly Exchange[], answerMs: number): void {
    this.requests.length = 0;
    this.#left = Map.groupBy(exchanges, ({ request }) => addressOf(request));
    this.#answerMs = answerMs;
  }

  /** Resolves once `isDone`, or when nothing has arrived for `patienceMs`. */
  async until(isDone: () => boolean, patienceMs: number): Promise<void> {
    let seen = this.requests.length;
    for (let waitedMs = 0; waitedMs < patienceMs && !isDone(); waitedMs += 5) {
      await setTimeout(5);
      if (this.requests.length !== seen) waitedMs = 0;
      seen = this.requests.length;
    }
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bodyBase64 = (await buffer(incoming)).toString('base64');
    const request = { method: incoming.method!, url: incoming.url!, rawHeaders: incoming.rawHeaders!, bodyBase64 };
    const left = this.#left.get(addressOf(request));
    if (left) this.requests.push(request);
    const exchanges = left ? takeAnswered(left, request) : [];
    for (const exchange of exchanges) this.arrived.add(exchange);
    await setTimeout(this.#answerMs);
    answer(response, exchanges.at(-1)?.response ?? NO_EFFECTS);
    for (const exchange of exchanges) this.answered.add(exchange);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const NO_EFFECTS = { status: 200, headers: { 'content-type': 'application/octet-stream' } };

/** The next exchange of the address, and further ones where the request holds their messages too. */
function takeAnswered(left: Exchange[], request: HttpRequest): Exchange[] {
  const taken = left.splice(0, 1);
  const open = () => messagesOf(request).length - taken.reduce((sum, exchange) => sum + messagesOf(exchange.request).length, 0);
  while (taken.length > 0 && left.length > 0 && open() > 0) taken.push(...left.splice(0, 1));
  return taken;
}

function answer(response: ServerResponse, recorded: Exchange['response']): void {
  if (recorded === 'connection reset') return void response.socket?.resetAndDestroy();
  response.writeHead(recorded.status, recorded.headers).end(Buffer.from(recorded.bodyBase64 ?? '', 'base64'));
}
