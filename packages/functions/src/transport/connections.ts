import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Endpoint, EndpointTransport } from '@sluice/config';
import type { Clock } from '@sluice/core';
import { type Client, Pool } from 'undici';
import { ClientPool, type Sender } from './client-pool.ts';
import { EndpointUnusableError } from './errors.ts';
import type { FunctionUrl } from './function-url.ts';

/** The connections of an endpoint: a pool for each server that its functions are on. */
export interface Connections {
  to(url: Pick<FunctionUrl, 'origin' | 'socketPath'>): Sender;
  /** Ends all connections; what is under way on them fails. */
  destroy(): Promise<void>;
}

type OwnPool = Sender & { destroy(): Promise<void> };

/** @throws EndpointUnusableError where a certificate or a key cannot be read */
export function createConnections(endpoint: Endpoint, clock: Pick<Clock, 'monotonic'>): Connections {
  const pools = new Map<string, OwnPool>();
  const open = poolsOf(endpoint.transport, endpoint.id, clock);
  return {
    to: ({ origin, socketPath }) => {
      const key = `${origin} ${socketPath ?? ''}`;
      const known = pools.get(key);
      if (known) return known;
      const pool = open(origin, socketPath !== undefined ? { socketPath } : {});
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

function poolsOf(transport: EndpointTransport, endpointId: string, clock: Pick<Clock, 'monotonic'>) {
  if (transport.type === 'okhttp') {
    const options: Pool.Options = {
      connections: OKHTTP_CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      // A request is written at once, so a server that does not read it is noticed while its answer is waited for.
      headersTimeout: Math.max(transport.readMs, transport.writeMs),
      bodyTimeout: transport.readMs,
      connect: { timeout: transport.connectMs },
    };
    // It may speak HTTP/2, where one connection serves many requests.
    return (origin: string, at: { readonly socketPath?: string }): OwnPool => new Pool(origin, { ...options, ...at });
  }
  const ttlMs = transport.poolTtlMs > 0 ? transport.poolTtlMs : undefined;
  const client: Client.Options = {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: Math.min(IDLE_MS, ttlMs ?? IDLE_MS),
    // The time of the whole call is kept beside it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: transport.connectMs, ...tlsOptions(transport, endpointId) },
  };
  const maxConnections = Math.max(1, transport.poolSize);
  return (origin: string, at: { readonly socketPath?: string }): OwnPool =>
    new ClientPool({ origin, client: { ...client, ...at }, maxConnections, ttlMs, now: () => clock.monotonic() });
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
