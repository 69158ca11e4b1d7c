import type { IncomingHttpHeaders } from 'node:http';
import { type ApiReply, type Dispatcher, errorReply } from '../dispatcher.ts';
import { cborEncoding } from '../protocol/cbor/cbor-encoding.ts';
import type { Encoding } from '../protocol/encoding.ts';
import { jsonEncoding } from '../protocol/json-encoding.ts';
import { ServiceError } from '../service-error.ts';
import { CONTROL_PREFIX, type ControlTargets, control } from './control.ts';
import { checkCredentials, signedAtMs } from './credentials-check.ts';
import type { AnyRequest, AnyResponse } from './protocol-switch.ts';
import { readBody } from './request-body.ts';
import { sendReply } from './send-reply.ts';
import { callerIdentity, isQuery, queryErrorReply } from './sts.ts';

export interface RequestHandlerParts {
  readonly dispatcher: Dispatcher;
  readonly controls: ControlTargets;
  readonly acceptedAccessKeyIds: ReadonlySet<string> | undefined;
}

const PING = '/ping';

/** Serves one HTTP request: the API at any path, the emulator's own controls under `/__sluice/`, and `/ping`. */
export function createRequestHandler({ dispatcher, controls, acceptedAccessKeyIds }: RequestHandlerParts) {
  const { account } = controls;

  async function answer(request: AnyRequest): Promise<ApiReply> {
    const body = await readBody(request);
    const { headers, method = '', url = '' } = request;
    if (url === PING) return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok\n' };
    if (url.startsWith(CONTROL_PREFIX)) {
      const reply = control(method, url.slice(CONTROL_PREFIX.length), body, controls);
      return { status: reply.status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(reply.body) };
    }
    const credentials = checkCredentials(headers, acceptedAccessKeyIds);
    if (isQuery(contentTypeOf(headers))) return callerIdentity(body, credentials, account.accountId);
    return await dispatcher.dispatch({
      target: String(headers['x-amz-target'] ?? ''),
      credentials,
      signedAtMs: signedAtMs(headers),
      body,
      encoding: encodingOf(headers),
    });
  }

  return (request: AnyRequest, response: AnyResponse): void => {
    request.on('error', () => undefined); // the client went away; there is nobody to tell
    void answer(request)
      .catch((error: unknown) => refusal(request, error))
      .then((reply) => sendReply(request, response, reply, account.clock));
  };
}

function refusal({ headers }: AnyRequest, cause: unknown): ApiReply {
  const error = cause instanceof ServiceError ? cause : new ServiceError('InternalFailure', String(cause), 500);
  return isQuery(contentTypeOf(headers)) ? queryErrorReply(error) : errorReply(error, encodingOf(headers));
}

const contentTypeOf = ({ 'content-type': type = '' }: IncomingHttpHeaders): string => type;

/** The encoding that a request says it has; JSON where it names another or none. */
const encodingOf = (headers: IncomingHttpHeaders): Encoding =>
  contentTypeOf(headers).startsWith(cborEncoding.contentType) ? cborEncoding : jsonEncoding;
