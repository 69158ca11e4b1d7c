/** Pushes metrics to a collector. Loaded only where one is configured. */
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type MetricProducer, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Logger } from '@sluice/core';
import type { Family } from '../families.ts';
import { type Collector, createOutageReport, type ResourceAttributes, urlOf } from './collector.ts';
import { toMetricData } from './to-metric-data.ts';

export interface MetricsPush {
  readonly collector: Collector;
  readonly intervalMs: number;
  readonly resource: ResourceAttributes;
  readonly logger: Logger;
}

const EXPORT_TIMEOUT_MS = 10_000;

/** Pushes what `read` answers every `intervalMs`, and once more when it is disposed of. A collector that fails is reported, and tried again. */
export function pushMetrics(read: () => Promise<readonly Family[]>, push: MetricsPush): AsyncDisposable {
  const { collector, intervalMs, logger } = push;
  const url = urlOf(collector, '/v1/metrics');
  const resource = resourceFromAttributes(push.resource);
  const start = hrTime();
  const producer: MetricProducer = {
    collect: async () => {
      const metrics = toMetricData(await read(), { start, now: hrTime() });
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'sluice' }, metrics }] }, errors: [] };
    },
  };
  const exporter = reporting(
    new OTLPMetricExporter({ url, headers: { ...collector.headers }, timeoutMillis: Math.min(EXPORT_TIMEOUT_MS, intervalMs) }),
    createOutageReport(logger, 'metrics', url),
  );
  const reader = new PeriodicExportingMetricReader({
    ...{ exporter, exportIntervalMillis: intervalMs, exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, intervalMs) },
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { [Symbol.asyncDispose]: () => provider.shutdown({ timeoutMillis: 2_000 }).catch(() => undefined) };
}

/** The exporter, which also says what became of each attempt. */
function reporting(exporter: PushMetricExporter, report: (error: Error | undefined) => void): PushMetricExporter {
  const { export: send } = exporter;
  exporter.export = (metrics, done) =>
    send.call(exporter, metrics, (result) => {
      report(result.code === 0 ? undefined : (result.error ?? new Error('no reason given')));
      done(result);
    });
  return exporter;
}

function hrTime(): [number, number] {
  const ms = Date.now();
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
}
