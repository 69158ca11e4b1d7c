import type { Logger } from '@sluice/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { catalogue, type EventRule, type EventType, type MetricRule, type TelemetryEvent } from './catalogue.ts';

export interface Telemetry {
  /** Writes the event's log line, if it has one, and moves its metrics. Never throws. */
  emit(event: TelemetryEvent): void;
  /** All metrics in the Prometheus text format. */
  metrics(): Promise<string>;
  readonly contentType: string;
}

/** Telemetry of one process: log lines go to `logger`, metrics to a registry of its own. */
export function createTelemetry(logger: Logger, { processMetrics = true } = {}): Telemetry {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const meters = new Map<EventType, Array<(event: TelemetryEvent) => void>>();
  for (const [type, rule] of Object.entries(catalogue) as Array<[EventType, EventRule]>) {
    meters.set(
      type,
      rule.metrics.map((metric) => createMeter(metric, registry)),
    );
  }
  return {
    emit: (event) => {
      const { level, message }: EventRule = catalogue[event.type];
      if (level) logger[level](message, { event: event.type, ...withoutType(event) });
      for (const meter of meters.get(event.type)!) meter(event);
    },
    metrics: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Says nothing and counts nothing; for tests and for embedding. */
export const silentTelemetry: Telemetry = { emit: () => undefined, metrics: async () => '', contentType: 'text/plain' };

function createMeter(rule: MetricRule, registry: Registry): (event: TelemetryEvent) => void {
  const options = { name: rule.name, help: rule.help, labelNames: [...rule.labels], registers: [registry] };
  const labelsOf = (event: TelemetryEvent) => Object.fromEntries(rule.labels.map((label) => [label, String(event[label] ?? '')]));
  const amountOf = (event: TelemetryEvent) => (rule.amount === undefined ? 1 : Number(event[rule.amount] ?? 0));
  switch (rule.kind) {
    case 'counter': {
      const counter = new Counter(options);
      return (event) => counter.inc(labelsOf(event), amountOf(event));
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      return (event) => gauge.set(labelsOf(event), amountOf(event));
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: [...(rule.buckets ?? [])] });
      return (event) => histogram.observe(labelsOf(event), amountOf(event));
    }
  }
}

const withoutType = ({ type: _, ...facts }: TelemetryEvent) => facts;
