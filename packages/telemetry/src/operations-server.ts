import { type Logger, SluiceError } from '@sluice/core';
import { fastify } from 'fastify';
import type { Telemetry } from './telemetry.ts';

export interface Readiness {
  readonly isReady: boolean;
  /** What the worker is doing, by part; shown as JSON to whoever asks `/ready`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface OperationsServerOptions {
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  /** Default 127.0.0.1: what an operator sees is not for the network. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface OperationsServer extends AsyncDisposable {
  readonly url: string;
}

/** Thrown when the operations port cannot be had. */
export class OperationsPortError extends SluiceError {
  readonly code = 'OPERATIONS_PORT';
  readonly disposition = 'fatal';

  constructor(host: string, port: number, cause: unknown) {
    const reason = (cause as { code?: string }).code === 'EADDRINUSE' ? 'the port is in use' : String((cause as Error).message);
    super(`cannot listen on ${host}:${port}: ${reason}; choose another port, or 0 for any free one`, { cause, details: { host, port } });
  }
}

/**
 * Serves what an operator asks a worker: `/ping`, `/ready` (200 or 503 with facts) and `/metrics` in the Prometheus text format.
 * @throws {OperationsPortError} the port is in use or not allowed
 */
export async function serveOperations({
  telemetry,
  logger,
  readiness,
  host = '127.0.0.1',
  port,
}: OperationsServerOptions): Promise<OperationsServer> {
  const server = fastify({ forceCloseConnections: true });
  server.get('/ping', async () => 'pong');
  server.get('/ready', async (_, reply) => {
    const { isReady, facts } = readiness();
    return reply.code(isReady ? 200 : 503).send(facts);
  });
  server.get('/metrics', async (_, reply) => reply.type(telemetry.contentType).send(await telemetry.metrics()));
  const url = await server.listen({ host, port }).catch((cause: unknown) => {
    throw new OperationsPortError(host, port, cause);
  });
  logger.info('operations server listening', { url });
  return { url, [Symbol.asyncDispose]: async () => server.close() };
}
