import { isIP, connect as netConnect, type OnReadOpts, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { Endpoint } from './transport.ts';

export interface ConnectionSettings {
  /** How many calls to one endpoint may be open at once; more wait for a free connection. @default 256 */
  readonly maxConnections?: number;
  /** @default 3_000 milliseconds */
  readonly connectTimeoutMs?: number;
  /** A connection without a request for longer is not used again. The server's own limit is honoured anyway. */
  readonly maxIdleMs?: number;
  readonly localAddress?: string;
  /** Whether the certificate of the endpoint has to be valid. As Node has it where absent. */
  readonly rejectUnauthorized?: boolean;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 3_000;
const KEEP_ALIVE_PROBE_MS = 1_000;

/** What one endpoint's connections share. */
export interface SocketSettings extends ConnectionSettings {
  readonly endpoint: Endpoint;
  /** The TLS session of the last connection, with which the next handshake is short. */
  session: Buffer | undefined;
}

/** Rejects with the signal's reason, or with what the network, the resolver or TLS says. */
export function openSocket(settings: SocketSettings, onread: OnReadOpts, abortSignal: AbortSignal): Promise<Socket> {
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, endpoint } = settings;
  const isSecure = endpoint.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const socket = isSecure ? secureSocket(settings, onread) : netConnect(optionsOf(settings, onread));
    const timer = setTimeout(() => socket.destroy(timedOut(endpoint.host, connectTimeoutMs)), connectTimeoutMs);
    const onAbort = () => socket.destroy(abortSignal.reason as Error);
    const settle = () => {
      clearTimeout(timer);
      abortSignal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
    };
    const onError = (error: Error) => {
      settle();
      // More may come, and nobody waits for it.
      socket.on('error', () => undefined);
      reject(abortSignal.aborted ? abortSignal.reason : error);
    };
    abortSignal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.once('connect', () => clearTimeout(timer));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      settle();
      resolve(socket);
    });
  });
}

function secureSocket(settings: SocketSettings, onread: OnReadOpts): Socket {
  const { rejectUnauthorized, session, endpoint } = settings;
  const host = hostOf(endpoint);
  const socket = tlsConnect({
    ...optionsOf(settings, onread),
    servername: isIP(host) ? '' : host,
    ALPNProtocols: ['http/1.1'],
    ...(session && { session }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  });
  socket.on('session', (fresh: Buffer) => {
    settings.session = fresh;
  });
  return socket;
}

const optionsOf = ({ endpoint, localAddress }: SocketSettings, onread: OnReadOpts) => ({
  ...{ host: hostOf(endpoint), port: endpoint.port ?? (endpoint.protocol === 'https:' ? 443 : 80), onread },
  ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS },
  ...(localAddress !== undefined && { localAddress }),
});

const hostOf = ({ hostname }: Endpoint): string => hostname.replace(/^\[(.*)\]$/, '$1');

const timedOut = (host: string, timeoutMs: number): Error =>
  Object.assign(new Error(`no connection to ${host} within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
