import type { Logger } from '@sluice/core';
import type { Collector, ResourceAttributes } from './otlp/collector.ts';
import { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
import type { Tracing } from './tracing/tracing.ts';

export interface OpenTelemetryOptions extends TelemetryOptions {
  readonly logger: Logger;
  /** Who this is, to a collector. */
  readonly resource: ResourceAttributes;
  /** Where metrics are pushed to. */
  readonly push?: { readonly collector: Collector; readonly intervalMs: number } | undefined;
  /** Where spans are sent to. */
  readonly trace?: { readonly collector: Collector; readonly ratio: number; readonly attributes: ResourceAttributes } | undefined;
}

/** Telemetry of a process that also goes where it is told. Disposing of it sends what waits. */
export interface OpenTelemetry extends AsyncDisposable {
  readonly telemetry: Telemetry;
  /** `undefined`: nothing is traced. */
  readonly tracing: Tracing | undefined;
}

/** Loads what speaks to collectors only where one is configured. */
export async function openTelemetry({ logger, resource, push, trace, ...options }: OpenTelemetryOptions): Promise<OpenTelemetry> {
  const telemetry = createTelemetry(logger, options);
  const pushing = push && (await import('./otlp/push-metrics.ts')).pushMetrics(telemetry.families, { ...push, resource, logger });
  const tracing =
    trace &&
    (await import('./tracing/open-tracing.ts')).openTracing({
      ...{ to: trace.collector, ratio: trace.ratio, resource: { ...resource, ...trace.attributes }, logger },
    });
  return {
    telemetry,
    tracing,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([pushing?.[Symbol.asyncDispose](), tracing?.[Symbol.asyncDispose]()]);
    },
  };
}
