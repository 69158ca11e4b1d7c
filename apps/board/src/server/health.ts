import { type Clock, type Logger, RELEASE } from '@sluice/core';
import { createTelemetry } from '@sluice/telemetry';
import { type Readiness, watchLiveness } from '@sluice/worker';
import { serveMetrics } from '@sluice/worker/http-server';
import type { FastifyInstance } from 'fastify';

export interface HealthOptions {
  readonly isRedisReady: () => boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Answers what machines ask, without a login: `/ping`, `/live`, `/ready`, `/version` and `/metrics`, as workers do. */
export function serveHealth(server: FastifyInstance, { isRedisReady, logger, clock }: HealthOptions): void {
  const telemetry = createTelemetry(logger);
  telemetry.measure('build', () => [{ version: RELEASE, node: process.version, app: 'board', value: 1 }]);
  const liveness = watchLiveness({ stuck: () => [], longestWaitMs: () => 0, clock });
  server.addHook('onClose', async () => liveness[Symbol.dispose]());
  server.get('/ping', async () => 'pong');
  server.get('/live', async (_, reply) => {
    const answer = liveness.read();
    return reply.code(answer.live ? 200 : 503).send(answer);
  });
  server.get('/ready', async (_, reply) => reply.code(isRedisReady() ? 200 : 503).send(readinessOf(isRedisReady())));
  server.get('/version', async () => ({ release: RELEASE, node: process.versions.node }));
  serveMetrics(server, telemetry);
}

const readinessOf = (ready: boolean): Readiness => ({
  ...{ ready, state: 'running', redis: ready, children: {} },
  reasons: ready ? [] : ['Redis is not connected'],
});
