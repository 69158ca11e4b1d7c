import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiReply, type Dispatcher, errorReply } from '../dispatcher.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { CONTROL_PREFIX, type ControlTargets, control } from './control.ts';
import { checkCredentials } from './credentials-check.ts';
import { readBody } from './request-body.ts';

export interface RequestHandlerParts {
  readonly dispatcher: Dispatcher;
  readonly controls: ControlTargets;
  readonly acceptedAccessKeyIds: ReadonlySet<string> | undefined;
}

const JSON_TYPE = 'application/x-amz-json-1.1';

/** Serves one HTTP request: the API at any path, the emulator's own controls under `/__sluice/`. */
export function createRequestHandler({ dispatcher, controls, acceptedAccessKeyIds }: RequestHandlerParts) {
  const answer = async (request: IncomingMessage): Promise<ApiReply> => {
    const body = await readBody(request);
    const { headers, method = '', url = '' } = request;
    if (url.startsWith(CONTROL_PREFIX)) {
      const reply = control(method, url.slice(CONTROL_PREFIX.length), body, controls);
      return { status: reply.status, body: JSON.stringify(reply.body) };
    }
    const accessKeyId = checkCredentials(headers, acceptedAccessKeyIds);
    return await dispatcher.dispatch({ target: String(headers['x-amz-target'] ?? ''), accessKeyId, body });
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => undefined); // the client went away; there is nobody to tell
    answer(request).then(
      (reply) => send(request, response, reply),
      (error: unknown) =>
        send(
          request,
          response,
          errorReply(error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500)),
        ),
    );
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, lost }: ApiReply): void {
  if (lost === 'hang') return;
  if (lost === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body), 'x-amzn-requestid': randomUUID() });
  response.end(body);
}
