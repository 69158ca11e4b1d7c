import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Endpoint, EndpointTransport } from '@sluice/config';
import { type Dispatcher, Pool } from 'undici';
import { EndpointUnusableError } from './errors.ts';
import type { FunctionUrl } from './function-url.ts';

/** The connections of an endpoint: a pool for each server that its functions are on. */
export interface Connections {
  to(url: Pick<FunctionUrl, 'origin' | 'socketPath'>): Dispatcher;
  /** Ends all connections; what is under way on them fails. */
  destroy(): Promise<void>;
}

/** @throws EndpointUnusableError where a certificate or a key cannot be read */
export function createConnections(endpoint: Endpoint): Connections {
  const pools = new Map<string, Pool>();
  const options = poolOptions(endpoint.transport, endpoint.id);
  return {
    to: ({ origin, socketPath }) => {
      const key = `${origin} ${socketPath ?? ''}`;
      const known = pools.get(key);
      if (known) return known;
      const pool = new Pool(origin, { ...options, ...(socketPath !== undefined && { socketPath }) });
      pools.set(key, pool);
      return pool;
    },
    destroy: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** As many as may be in flight: the original's older client opens one for each request. */
const OKHTTP_CONNECTIONS = 1024;
/** A server closes what is idle, most after 5 s; what it closes while we write is lost. So we let go first. */
const IDLE_MS = 4000;

function poolOptions(transport: EndpointTransport, endpointId: string): Pool.Options {
  if (transport.type === 'okhttp') {
    return {
      connections: OKHTTP_CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      // A request is written at once, so a server that does not read it is noticed while its answer is waited for.
      headersTimeout: Math.max(transport.readMs, transport.writeMs),
      bodyTimeout: transport.readMs,
      connect: { timeout: transport.connectMs },
    };
  }
  return {
    connections: Math.max(1, transport.poolSize),
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: transport.poolTtlMs > 0 ? Math.min(IDLE_MS, transport.poolTtlMs) : IDLE_MS,
    ...(transport.poolTtlMs > 0 && { clientTtl: transport.poolTtlMs }),
    // The time of the whole call is kept beside it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: transport.connectMs, ...tlsOptions(transport, endpointId) },
  };
}

function tlsOptions(transport: EndpointTransport & { type: 'async' }, endpointId: string) {
  const read = (path: string | undefined, field: string) => (path === undefined ? undefined : readFile(path, field, endpointId));
  const password = read(transport.clientKeyPasswordFile, 'client_key_password');
  return {
    ca: read(transport.trustCaCerts, 'trust_cacerts'),
    cert: read(transport.clientCert, 'client_cert'),
    key: read(transport.clientKey, 'client_key'),
    passphrase: password?.toString('utf8').replace(/\r?\n$/, ''),
  };
}

function readFile(path: string, field: string, endpointId: string): Buffer {
  if (/^classpath:/.test(path))
    throw new EndpointUnusableError(endpointId, `\`${field}\`: there is no class path here; write the path of a file`);
  try {
    return readFileSync(path.startsWith('file:') ? fileURLToPath(path) : path);
  } catch (error) {
    throw new EndpointUnusableError(endpointId, `\`${field}\`: ${path} cannot be read: ${(error as Error).message}`, error);
  }
}
