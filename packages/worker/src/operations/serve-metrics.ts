import { OPEN_METRICS_TYPE, type Telemetry } from '@sluice/telemetry';
import type { FastifyInstance } from 'fastify';

/** Serves `/metrics` in the Prometheus text format, or as OpenMetrics where that is asked for. */
export function serveMetrics(server: FastifyInstance, telemetry: Pick<Telemetry, 'metrics' | 'openMetrics' | 'contentType'>): void {
  server.get('/metrics', async ({ headers: { accept = '' } }, reply) =>
    accept.includes('application/openmetrics-text')
      ? reply.type(OPEN_METRICS_TYPE).send(await telemetry.openMetrics())
      : reply.type(telemetry.contentType).send(await telemetry.metrics()),
  );
}
