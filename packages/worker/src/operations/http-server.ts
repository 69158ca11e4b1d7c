/** Servers of Fastify, for those who serve more than a worker's operations: it takes 5 MiB that a worker does without. */
import type { Telemetry } from '@sluice/telemetry';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { metricsFor } from './metrics-answer.ts';
import { hostCheck, MAX_CONNECTIONS, PATH_INVALID, PortError, TIME_LIMITS } from './server-rules.ts';

/** A stream's ARN, or the id of a function's address. */
const LONGEST_PARAMETER = 2_048;

/**
 * An HTTP server that answers only requests for its own hosts: see {@link hostCheck}.
 * @param allowedHosts names in lower case
 */
export function createHttpServer(host: string, allowedHosts: readonly string[] = []): FastifyInstance {
  const { requestTimeout, keepAliveTimeout, ...http } = TIME_LIMITS;
  const server = fastify({
    ...{ forceCloseConnections: true, requestTimeout, keepAliveTimeout, http },
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // A path that cannot be decoded comes to no route, and so to no error handler of one.
    frameworkErrors: (_error, _request, reply: FastifyReply) => void reply.code(400).send(PATH_INVALID),
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  const refusalOf = hostCheck(host, allowedHosts);
  server.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOf(request.hostname);
    if (refusal) await reply.code(421).send(refusal);
  });
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

/** Serves `/metrics`. */
export function serveMetrics(server: FastifyInstance, telemetry: Pick<Telemetry, 'metrics' | 'openMetrics' | 'contentType'>): void {
  server.get('/metrics', async ({ headers }, reply) => {
    const { type, body } = await metricsFor(telemetry, headers.accept);
    return reply.type(type).send(body);
  });
}
