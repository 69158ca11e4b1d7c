/** What holds for every HTTP server for operators, whatever serves it. */
import { isIP } from 'node:net';
import { SluiceError } from '@sluice/core';

/** Half-sent heads and idle connections end after seconds. */
export const TIME_LIMITS = { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, requestTimeout: 10_000, keepAliveTimeout: 30_000 };
export const MAX_CONNECTIONS = 200;

/** The body of an answer that is no success. */
export interface Refusal {
  readonly error: string;
  readonly code: string;
}

export const PATH_INVALID: Refusal = { error: 'expected a path that is percent-encoded UTF-8', code: 'PATH_INVALID' };

/** A port is in use or may not be opened. */
export class PortError extends SluiceError {
  readonly code = 'PORT_UNAVAILABLE';
  readonly disposition = 'fatal';

  constructor(host: string, port: number, flag: string, cause: unknown) {
    const { code, message } = cause as { readonly code?: string; readonly message: string };
    const reason = code === 'EADDRINUSE' ? 'the port is in use' : message;
    super(`cannot listen on ${host}:${port}: ${reason}; choose another port with ${flag}, or 0 for any free one`, {
      cause,
      details: { host, port },
    });
  }
}

/**
 * On a loopback address, or where hosts are named, refuses (421) requests whose `Host` is no address, not `localhost` and none of them: a
 * page in a browser could otherwise reach the server under a name of its own (DNS rebinding).
 * @param allowedHosts names in lower case
 */
export function hostCheck(host: string, allowedHosts: readonly string[] = []): (hostname: string) => Refusal | undefined {
  if (!isLoopback(host) && allowedHosts.length === 0) return () => undefined;
  const expected = ['an address', 'localhost', ...allowedHosts].join(', ');
  return (hostname) =>
    isAddress(hostname) || allowedHosts.includes(hostname.toLowerCase())
      ? undefined
      : { error: `expected a Host that is one of ${expected}, found ${hostname}`, code: 'HOST_UNKNOWN' };
}

/** Only this machine reaches it. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

const isAddress = (hostname: string): boolean => hostname === 'localhost' || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
