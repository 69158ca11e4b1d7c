import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type ApiReply, type Dispatcher, errorReply } from '../dispatcher.ts';
import { cborEncoding } from '../protocol/cbor/cbor-encoding.ts';
import type { Encoding } from '../protocol/encoding.ts';
import { jsonEncoding } from '../protocol/json-encoding.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { CONTROL_PREFIX, type ControlTargets, control } from './control.ts';
import { checkCredentials } from './credentials-check.ts';
import { readBody } from './request-body.ts';
import { sendReply } from './send-reply.ts';

export interface RequestHandlerParts {
  readonly dispatcher: Dispatcher;
  readonly controls: ControlTargets;
  readonly acceptedAccessKeyIds: ReadonlySet<string> | undefined;
}

/** Serves one HTTP request: the API at any path, the emulator's own controls under `/__sluice/`. */
export function createRequestHandler({ dispatcher, controls, acceptedAccessKeyIds }: RequestHandlerParts) {
  const answer = async (request: IncomingMessage, encoding: Encoding): Promise<ApiReply> => {
    const body = await readBody(request);
    const { headers, method = '', url = '' } = request;
    if (url.startsWith(CONTROL_PREFIX)) {
      const reply = control(method, url.slice(CONTROL_PREFIX.length), body, controls);
      return { status: reply.status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(reply.body) };
    }
    const credentials = checkCredentials(headers, acceptedAccessKeyIds);
    return await dispatcher.dispatch({ target: String(headers['x-amz-target'] ?? ''), credentials, body, encoding });
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => undefined); // the client went away; there is nobody to tell
    const encoding = encodingOf(request.headers);
    void answer(request, encoding)
      .catch((error: unknown) =>
        errorReply(error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500), encoding),
      )
      .then((reply) => sendReply(request, response, reply, controls.account.clock));
  };
}

/** The encoding that a request says it has; JSON where it names another or none. */
const encodingOf = ({ 'content-type': type = '' }: IncomingHttpHeaders): Encoding =>
  type.startsWith(cborEncoding.contentType) ? cborEncoding : jsonEncoding;
