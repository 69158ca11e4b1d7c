import type { ActorNode } from '@sluice/actor-kit';
import { type Logger, RELEASE } from '@sluice/core';
import type { WorkerReport } from '@sluice/status';
import type { Telemetry } from '@sluice/telemetry';
import type { Readiness } from '../root/readiness.ts';
import { createHttpServer, listen } from './http-server.ts';
import type { Liveness } from './liveness.ts';
import { serveMetrics } from './serve-metrics.ts';

export interface OperationsServerOptions {
  readonly telemetry: Pick<Telemetry, 'metrics' | 'openMetrics' | 'contentType'>;
  readonly readiness: () => Readiness;
  readonly liveness: () => Liveness;
  readonly actors: () => ActorNode | undefined;
  readonly stats: () => WorkerReport;
  readonly logger: Logger;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface OperationsServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves what an operator asks a worker: `/ping`, `/live` and `/ready` (200 or 503, with reasons), `/version`, `/stats` (what it reports of
 * itself), `/actors` (the tree of actors) and `/metrics` in the Prometheus text format, or as OpenMetrics where that is asked for.
 * @throws {PortError} the port is in use or not allowed
 */
export async function serveOperations(options: OperationsServerOptions): Promise<OperationsServer> {
  const { telemetry, readiness, liveness, actors, stats, logger, host, port } = options;
  const server = createHttpServer(host);
  server.get('/ping', async () => 'pong');
  server.get('/ready', async (_, reply) => {
    const answer = readiness();
    return reply.code(answer.ready ? 200 : 503).send(answer);
  });
  server.get('/live', async (_, reply) => {
    const answer = liveness();
    return reply.code(answer.live ? 200 : 503).send(answer);
  });
  server.get('/version', async () => ({ release: RELEASE, node: process.versions.node }));
  server.get('/stats', async () => stats());
  server.get('/actors', async (_, reply) => reply.type('application/json').send(`${JSON.stringify(actors() ?? null, undefined, 2)}\n`));
  serveMetrics(server, telemetry);
  const url = await listen(server, host, port, '--operations-port or `sluice.ports`');
  logger.info('operations server listening', { url });
  return { url, [Symbol.asyncDispose]: async () => server.close() };
}
