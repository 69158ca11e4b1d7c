import { Readable } from 'node:stream';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import type { BodyBuffers } from '../../wire/body-buffers.ts';
import { readMessage } from './read-message.ts';
import type { Exchange, Transport, TransportParts } from './transport.ts';

/** What an AWS SDK client sends its requests with. */
export interface RequestHandler {
  handle(request: HttpRequest, options: { readonly abortSignal: AbortSignal }): Promise<{ readonly response: HttpResponse }>;
}

/** Through a handler of the SDK, which knows proxies and all that HTTP allows. */
export class HandlerTransport implements Transport {
  readonly #handler: RequestHandler;
  readonly #buffers: BodyBuffers;

  constructor(handler: RequestHandler, { buffers }: TransportParts) {
    this.#handler = handler;
    this.#buffers = buffers;
  }

  async exchange<Output>(exchange: Exchange<Output>, abortSignal: AbortSignal): Promise<Output> {
    const { host: _, ...endpoint } = exchange.endpoint;
    const { headers, body } = exchange.request;
    exchange.beforeSending();
    const request = new HttpRequest({ ...endpoint, method: 'POST', headers: { ...headers }, body });
    const { response } = await this.#handler.handle(request, { abortSignal });
    const { statusCode, headers: replyHeaders } = response;
    const message = { statusCode, headers: replyHeaders, body: response.body instanceof Readable ? response.body : Readable.from([]) };
    const output = await readMessage(message, exchange, this.#buffers);
    // A request that ended otherwise may still be on its way out.
    if (isSent(response)) this.#buffers.release(body);
    return output;
  }

  /** The handler is the SDK client's, which ends it. */
  [Symbol.dispose](): void {}
}

const isSent = ({ body }: HttpResponse): boolean =>
  (body as { readonly req?: { readonly writableFinished: boolean } } | undefined)?.req?.writableFinished === true;
