import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How many calls to one endpoint may be open at once; more wait for a free connection. */
const MAX_SOCKETS = 256;

/** HTTP/1.1 with connections that are kept. The SDK's default opens a new HTTP/2 session, TLS handshake included, for every call. */
export function createRequestHandler({ connectionTimeoutMs = 3_000 } = {}): NodeHttpHandler {
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' } as const;
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent(agentOptions),
    connectionTimeout: connectionTimeoutMs,
  });
}
