import { Readable } from 'node:stream';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import type { BodyBuffers } from '../../wire/body-buffers.ts';
import { readMessage } from './read-message.ts';
import type { Exchange, StreamedReply, StreamRequest, StreamTransport, Transport, TransportParts } from './transport.ts';

/** What an AWS SDK client sends its requests with. */
export interface RequestHandler {
  handle(request: HttpRequest, options: { readonly abortSignal: AbortSignal }): Promise<{ readonly response: HttpResponse }>;
}

/** Through a handler of the SDK, which knows proxies and all that HTTP allows. */
export class HandlerTransport implements Transport, StreamTransport {
  readonly #handler: RequestHandler;
  readonly #buffers: BodyBuffers;

  constructor(handler: RequestHandler, { buffers }: TransportParts) {
    this.#handler = handler;
    this.#buffers = buffers;
  }

  async exchange<Output>(exchange: Exchange<Output>, abortSignal: AbortSignal): Promise<Output> {
    const response = await this.#send(exchange, abortSignal);
    const output = await readMessage(toReply(response), exchange, this.#buffers);
    // A request that ended otherwise may still be on its way out.
    if (isSent(response)) this.#buffers.release(exchange.request.body);
    return output;
  }

  async open(request: StreamRequest, abortSignal: AbortSignal): Promise<StreamedReply> {
    return toReply(await this.#send(request, abortSignal));
  }

  async #send({ endpoint: { host: _, ...endpoint }, request, beforeSending }: StreamRequest, abortSignal: AbortSignal) {
    const { headers, body } = request;
    beforeSending();
    const { response } = await this.#handler.handle(new HttpRequest({ ...endpoint, method: 'POST', headers: { ...headers }, body }), {
      abortSignal,
    });
    return response;
  }

  /** The handler is the SDK client's, which ends it. */
  [Symbol.dispose](): void {}
}

const toReply = ({ statusCode, headers, body }: HttpResponse): StreamedReply => ({
  ...{ statusCode, headers },
  body: body instanceof Readable ? body : Readable.from([]),
});

const isSent = ({ body }: HttpResponse): boolean =>
  (body as { readonly req?: { readonly writableFinished: boolean } } | undefined)?.req?.writableFinished === true;
