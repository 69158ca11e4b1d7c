import { type Logger, RELEASE } from '@sluice/core';

import { createTelemetry } from '@sluice/telemetry';
import type { Readiness } from '@sluice/worker';
import type { FastifyInstance } from 'fastify';

/** Answers what machines ask, without a login: `/ping`, `/live`, `/ready`, `/version` and `/metrics`, as workers do. */
export function serveHealth(server: FastifyInstance, isRedisReady: () => boolean, logger: Logger): void {
  const telemetry = createTelemetry(logger);
  telemetry.measure('build', () => [{ version: RELEASE, node: process.version, app: 'board', value: 1 }]);
  server.get('/ping', async () => 'pong');
  server.get('/live', async () => ({ live: true }));
  server.get('/ready', async (_, reply) => reply.code(isRedisReady() ? 200 : 503).send(readinessOf(isRedisReady())));
  server.get('/version', async () => ({ release: RELEASE, node: process.versions.node }));
  server.get('/metrics', async (_, reply) => reply.type(telemetry.contentType).send(await telemetry.metrics()));
}

const readinessOf = (ready: boolean): Readiness => ({
  ...{ ready, state: 'running', redis: ready, children: {} },
  reasons: ready ? [] : ['Redis is not connected'],
});
