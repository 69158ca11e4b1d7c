import { isIP } from 'node:net';
import { SluiceError } from '@sluice/core';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';

/** Half-sent heads and idle connections end after seconds, and there are never more than a few hundred. */
const LIMITS = { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_CONNECTIONS = 200;
/** A stream's ARN, or the id of a function's address. */
const LONGEST_PARAMETER = 2_048;

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
 * An HTTP server for operators. On a loopback address, or where hosts are named, it answers only requests whose `Host` is an address,
 * `localhost` or one of them: a page in a browser could otherwise reach it under a name of its own (DNS rebinding).
 * @param allowedHosts names in lower case
 */
export function createHttpServer(host: string, allowedHosts: readonly string[] = []): FastifyInstance {
  const server = fastify({
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: LIMITS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // A path that cannot be decoded comes to no route, and so to no error handler of one.
    frameworkErrors: (_error, _request, reply: FastifyReply) =>
      void reply.code(400).send({ error: 'expected a path that is percent-encoded UTF-8', code: 'PATH_INVALID' }),
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  if (isLoopback(host) || allowedHosts.length > 0) {
    const expected = ['an address', 'localhost', ...allowedHosts].join(', ');
    server.addHook('onRequest', async (request, reply) => {
      if (isAddress(request.hostname) || allowedHosts.includes(request.hostname.toLowerCase())) return;
      await reply.code(421).send({ error: `expected a Host that is one of ${expected}, found ${request.hostname}`, code: 'HOST_UNKNOWN' });
    });
  }
  return server;
}

/**
 * Answers the URL.
 * @param flag the option, and the setting where there is one, that names another port
 * @throws {PortError} the port is in use or not allowed
 */
export const listen = (server: FastifyInstance, host: string, port: number, flag: string): Promise<string> =>
  server.listen({ host, port }).catch((cause: unknown) => {
    throw new PortError(host, port, flag, cause);
  });

/** Only this machine reaches it. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

const isAddress = (hostname: string): boolean => hostname === 'localhost' || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
