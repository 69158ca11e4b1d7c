import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpClientSettings, ProxySettings } from './aws-settings.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 3_000;
const DEFAULT_MAX_CONNECTIONS = 256;

/** HTTP/1.1 with connections that are kept; the SDK's default opens a new HTTP/2 session for every call. */
export function createConfiguredRequestHandler(http: HttpClientSettings): NodeHttpHandler {
  const agentOptions: AgentOptions = {
    keepAlive: true,
    scheduling: 'lifo',
    maxSockets: http.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    ...(http.maxIdleMs === undefined ? {} : { timeout: http.maxIdleMs }),
    ...(http.localAddress === undefined ? {} : { localAddress: http.localAddress }),
    ...(http.proxy === undefined ? {} : { proxyEnv: proxyEnvironment(http.proxy) }),
  };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent({ ...agentOptions, rejectUnauthorized: http.trustAllCertificates !== true }),
    connectionTimeout: http.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    ...(http.socketTimeoutMs ? { socketTimeout: http.socketTimeoutMs } : {}),
    // Without `throwOnRequestTimeout` the SDK only writes a warning and the call hangs on.
    ...(http.requestTimeoutMs ? { requestTimeout: http.requestTimeoutMs, throwOnRequestTimeout: true } : {}),
  });
}

/** What `createKinesisClient` takes as `connections`. */
export interface ConnectionSettings {
  readonly connectTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly maxIdleMs?: number;
  readonly localAddress?: string;
  readonly rejectUnauthorized: boolean;
}

/** The same for sockets without Node's HTTP client; nothing where they could not do what is set. */
export function connectionsOf(http: HttpClientSettings): { readonly connections?: ConnectionSettings } {
  const { proxy, socketTimeoutMs, requestTimeoutMs, connectTimeoutMs, maxConnections, maxIdleMs, localAddress } = http;
  if (proxy || socketTimeoutMs || requestTimeoutMs) return {};
  return {
    connections: {
      ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      ...(maxConnections !== undefined && { maxConnections }),
      ...(maxIdleMs !== undefined && { maxIdleMs }),
      ...(localAddress !== undefined && { localAddress }),
      rejectUnauthorized: http.trustAllCertificates !== true,
    },
  };
}

/** In the form that Node's agents read: host patterns are separated by commas there, by `|` in Java. */
function proxyEnvironment({ protocol, host, port, username, password, nonProxyHosts }: ProxySettings): NodeJS.ProcessEnv {
  const url = new URL(`${protocol}://${host}:${port}`);
  if (username !== undefined) url.username = encodeURIComponent(username);
  if (password !== undefined) url.password = encodeURIComponent(password.reveal());
  const direct = nonProxyHosts?.split('|').join(',');
  return { HTTP_PROXY: url.href, HTTPS_PROXY: url.href, ...(direct ? { NO_PROXY: direct } : {}) };
}
