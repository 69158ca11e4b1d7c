import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActorNode } from '@sluice/actor-kit';
import { type Logger, RELEASE, toErrorReport } from '@sluice/core';
import type { WorkerReport } from '@sluice/status';
import type { Telemetry } from '@sluice/telemetry';
import type { Readiness } from '../root/readiness.ts';
import type { Liveness } from './liveness.ts';
import { metricsFor } from './metrics-answer.ts';
import { hostCheck, MAX_CONNECTIONS, PATH_INVALID, PortError, TIME_LIMITS } from './server-rules.ts';

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

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

/** Answers a GET of a path. */
type Routes = Readonly<Record<string, (request: IncomingMessage) => Answer | Promise<Answer>>>;

/**
 * Serves what an operator asks a worker: `/ping`, `/live` and `/ready` (200 or 503, with reasons), `/version`, `/stats` (what it reports of
 * itself), `/actors` (the tree of actors) and `/metrics` in the Prometheus text format, or as OpenMetrics where that is asked for.
 * @throws {PortError} the port is in use or not allowed
 */
export async function serveOperations(options: OperationsServerOptions): Promise<OperationsServer> {
  const { telemetry, readiness, liveness, actors, stats, logger, host, port } = options;
  const routes: Routes = {
    '/ping': () => ({ type: 'text/plain; charset=utf-8', body: 'pong' }),
    '/ready': () => {
      const answer = readiness();
      return json(answer, answer.ready ? 200 : 503);
    },
    '/live': () => {
      const answer = liveness();
      return json(answer, answer.live ? 200 : 503);
    },
    '/version': () => json({ release: RELEASE, node: process.versions.node }),
    '/stats': () => json(stats()),
    '/actors': () => ({ type: JSON_TYPE, body: `${JSON.stringify(actors() ?? null, undefined, 2)}\n` }),
    '/metrics': ({ headers }) => metricsFor(telemetry, headers.accept),
  };
  const refusalOf = hostCheck(host);
  const server = createServer(TIME_LIMITS, (request, response) => {
    const refusal = refusalOf(hostnameOf(request));
    void Promise.resolve(refusal ? json(refusal, 421) : answerTo(request, routes)).then((answer) => send(response, answer));
  });
  server.maxConnections = MAX_CONNECTIONS;
  const url = await listen(server, host, port);
  logger.info('operations server listening', { url });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerTo(request: IncomingMessage, routes: Routes): Promise<Answer> {
  const { method, url = '/' } = request;
  try {
    const path = decodedPath(url);
    if (path === undefined) return json(PATH_INVALID, 400);
    const route = method === 'GET' || method === 'HEAD' ? Object.entries(routes).find(([known]) => known === path)?.[1] : undefined;
    if (route) return await route(request);
    return json({ error: `expected GET of one of ${Object.keys(routes).join(', ')}`, code: 'PATH_UNKNOWN' }, 404);
  } catch (error) {
    const { code, message } = toErrorReport(error);
    return json({ error: message, code }, 500);
  }
}

function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/\?.*$/s, ''));
  } catch {
    return undefined;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

const json = (value: unknown, status = 200): Answer => ({ status, type: JSON_TYPE, body: JSON.stringify(value) });

/** HEAD has no body: Node leaves it out. */
const send = (response: ServerResponse, { status = 200, type, body }: Answer) =>
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);

/** The `Host` without its port. */
const hostnameOf = ({ headers: { host = '' } }: IncomingMessage): string => host.replace(/:\d*$/, '');

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    // By name it could be the address of IPv6 alone, which who asks 127.0.0.1 does not reach.
    server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new PortError(host, port, '--operations-port or `sluice.ports`', cause);
  }
  const { address, family, port: taken } = server.address() as AddressInfo;
  const reached = ANY[address] ?? address;
  return `http://${family === 'IPv6' ? `[${reached}]` : reached}:${taken}`;
}

/** What reaches a server on this machine that listens on all addresses. */
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
