import type { Readable } from 'node:stream';
import type { BodyBuffers } from '../../wire/body-buffers.ts';

/** How a request of the data plane reaches the service. Each is sent once at most. */
export interface Transport extends Disposable {
  /**
   * Rejects with the signal's reason where that is aborted; with what `beforeSending` or `read` throws; with a network error where the connection
   * fails or the reply breaks off. Unless `beforeSending` threw, the service may have done then what was asked.
   */
  exchange<Output>(exchange: Exchange<Output>, abortSignal: AbortSignal): Promise<Output>;
}

export interface Exchange<Output> {
  readonly endpoint: Endpoint;
  readonly request: SignedRequest;
  /** Called last of all, once a connection is free. What it throws ends the exchange with nothing sent. */
  beforeSending(): void;
  /** Whether what `read` makes of a reply with these headers refers to its body, so that the body cannot be used again. */
  keepsBody(headers: Headers): boolean;
  /** Unless it is kept, the body is not to be used afterwards. */
  read(reply: Reply): Output;
  /** Called with each part of the reply that comes. */
  onProgress(): void;
}

/** How a request whose answer goes on for long reaches the service. Each is sent once at most. */
export interface StreamTransport extends Disposable {
  /** Resolves with the head of the answer. Rejects as {@link Transport.exchange} does. */
  open(request: StreamRequest, abortSignal: AbortSignal): Promise<StreamedReply>;
}

export type StreamRequest = Pick<Exchange<unknown>, 'endpoint' | 'request' | 'beforeSending'>;

export interface StreamedReply {
  readonly statusCode: number;
  readonly headers: Headers;
  /** To be destroyed by whoever is through with it. */
  readonly body: Readable;
}

/** Names in small letters. */
export type Headers = Readonly<Record<string, string>>;

export interface Endpoint {
  readonly protocol: string;
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  /** With the port where it is not the default of the protocol. */
  readonly host: string;
}

export interface SignedRequest {
  readonly headers: Headers;
  /** From the buffers of the transport, which takes it back where the request was sent to its end and answered. */
  readonly body: Buffer;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface TransportParts {
  readonly buffers: BodyBuffers;
}

/** What a connection ends with that does not do as HTTP says. */
export const connectionError = (message: string): Error => Object.assign(new Error(message), { code: 'ECONNRESET' });
