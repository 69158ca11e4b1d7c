import type { Dispatcher } from 'undici';
import { AttemptFailedError, connectionFailure } from './attempt-failure.ts';
import type { Sender } from './client-pool.ts';
import type { HeaderList } from './request-headers.ts';

export interface HttpRequest {
  readonly dispatcher: Sender;
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** Bytes of the answer's body, as they come over the wire, beyond which it is refused. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A request under way. */
export interface HttpExchange {
  /** Rejects with {@link AttemptFailedError}, or with what it was aborted with. */
  readonly answer: Promise<HttpAnswer>;
  /** Closes the connection, unless the answer is there. */
  abort(reason: Error): void;
}

/** Posts a body and collects the answer. It uses undici's `dispatch`, since a signal and a stream for each request would cost as much as the request. */
export function exchange({ dispatcher, path, headers, body, maxBytes }: HttpRequest): HttpExchange {
  const { promise: answer, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  let controller: Dispatcher.DispatchController | undefined;
  let aborted: Error | undefined;
  let head: Omit<HttpAnswer, 'body'> = { status: 0, headers: {} };
  const chunks: Buffer[] = [];
  let byteSize = 0;
  const abort = (reason: Error) => {
    aborted ??= reason;
    reject(aborted);
    controller?.abort(aborted);
  };

  const options = {
    method: 'POST',
    path,
    headers: headers as string[],
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  } as const;
  dispatcher.dispatch(options, {
    onRequestStart: (started) => {
      controller = started;
      // It waited for a connection and was given up meanwhile.
      if (aborted) controller.abort(aborted);
    },
    onResponseStart: (_, status, responseHeaders) => {
      head = { status, headers: responseHeaders };
    },
    onResponseData: (_, chunk) => {
      byteSize += chunk.byteLength;
      if (byteSize > maxBytes) return abort(tooLarge(maxBytes, head.status));
      chunks.push(chunk);
    },
    onResponseEnd: () => resolve({ ...head, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }),
    onResponseError: (_, error) => reject(aborted ?? connectionFailure(error)),
  });
  return { answer, abort };
}

export const tooLarge = (maxBytes: number, status: number): AttemptFailedError =>
  new AttemptFailedError('answer', `the answer is larger than ${maxBytes} bytes`, { status });
