/** What the HTTP server of a pipeline answers beside its inputs. */
import { createServer } from 'node:http';
import type { Pipeline } from '@sluice/config';
import { OPEN_METRICS_TYPE, type Telemetry } from '@sluice/telemetry';
import type { Handler, Routes } from './routes.ts';
import { close, listenAt } from './serve.ts';

/**
 * Serves `/ping`, `/ready`, the metrics, if there are any, at `/metrics` and `/stats`, and the paths of inputs. Answers what ends it.
 * @throws {ComponentConfigError} the address is in use
 */
export async function serveOperations(
  { http, input, output }: Pipeline,
  routes: Routes,
  telemetry: Telemetry | undefined,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const { address, position } = http!;
  const statuses = [input, output].map(({ label = '', path }) => ({ label, path: path.replace(/^root\./, ''), connected: true }));
  const ready: Handler = (_, response) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${JSON.stringify({ statuses })}\n`);
  const ping: Handler = (_, response) => void response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end('pong');
  void routes.add('/ping', ping, signal);
  void routes.add('/ready', ready, signal);
  if (telemetry) for (const path of ['/metrics', '/stats']) void routes.add(path, metricsOf(telemetry), signal);
  const server = await listenAt(address, createServer(routes.answer), { path: 'root.http', position });
  return () => close(server);
}

/** In the Prometheus text format, or as OpenMetrics where the request asks for it. */
const metricsOf =
  (telemetry: Telemetry): Handler =>
  async (request, response) => {
    const isOpen = request.headers.accept?.includes('application/openmetrics-text') ?? false;
    const text = await (isOpen ? telemetry.openMetrics() : telemetry.metrics());
    response.writeHead(200, { 'Content-Type': isOpen ? OPEN_METRICS_TYPE : telemetry.contentType }).end(text);
  };
