import type { Logger } from '@sluice/core';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createBenthosMeters, type FindComponent } from './benthos/benthos-meters.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { measured } from './catalogue/measured.ts';
import type { EventRule } from './catalogue/rules.ts';
import { type CustomMetrics, createCustomMetrics } from './custom-metrics.ts';
import type { TelemetryEvent } from './events/events.ts';
import type { Family } from './families.ts';
import { type AnyMetricRule, createMeter, type Facts, type Meter } from './meter.ts';
import { toOpenMetrics } from './open-metrics.ts';

/** Takes events; all that most of the code needs to know of telemetry. */
export interface EventSink {
  /** Never throws. */
  emit(event: TelemetryEvent): void;
}

/** Labels that are known before anything happens. */
export interface KnownLabels {
  readonly ingress?: string;
  readonly stream?: string;
  readonly target?: string;
  readonly egress?: string;
  readonly function?: string;
  readonly endpoint?: string;
  readonly group?: string;
  /** The path of a processor. */
  readonly processor?: string;
  /** The path of an input, or of an output, of a pipeline. */
  readonly input?: string;
  readonly output?: string;
  /** The path of the buffer of a pipeline. */
  readonly buffer?: string;
  /** The labels of resources. */
  readonly cache?: string;
  readonly rateLimit?: string;
  /** The path of what makes batches in a pipeline. */
  readonly batching?: string;
}

/** A value of a measured gauge, with its labels. */
export type Sample<Name extends keyof typeof measured> = { readonly value: number } & {
  readonly [Label in (typeof measured)[Name]['labels'][number]]: string;
};

export interface Telemetry extends EventSink {
  /** Writes the event's log line, if it has one, and changes its metrics. Never throws. */
  emit(event: TelemetryEvent): void;
  /** Makes counters start at 0 for labels that are known, because Prometheus' `increase()` misses a counter's first appearance. */
  startAtZero(labels: KnownLabels): void;
  /** Computes a gauge anew whenever the metrics are read. */
  measure<Name extends keyof typeof measured>(name: Name, read: () => readonly Sample<Name>[]): void;
  /** Metrics that a configuration defines. */
  readonly custom: CustomMetrics;
  /** All metrics in the Prometheus text format. */
  metrics(): Promise<string>;
  /** The same as OpenMetrics text, with exemplars. */
  openMetrics(): Promise<string>;
  /** The same as values. */
  families(): Promise<readonly Family[]>;
  readonly contentType: string;
}

export interface TelemetryOptions {
  /** Whether the process itself is measured. @default true */
  readonly processMetrics?: boolean;
  /** Names of the metrics of events. @default 'sluice' */
  readonly names?: 'sluice' | 'benthos' | 'both';
  /** How Benthos names a component, for its own names. */
  readonly findComponent?: FindComponent;
}

/** Each look at the delay of the event loop wakes the process: at prom-client's 10 ms that is half of what a worker at rest costs. */
const LOOP_DELAY_RESOLUTION_MS = 100;

const UNNAMED: FindComponent = (_, id) => ({ label: id, path: '' });

/** Telemetry of one process: log lines go to `logger`, metrics to a registry of its own. */
export function createTelemetry(logger: Logger, options: TelemetryOptions = {}): Telemetry {
  const { processMetrics = true, names = 'sluice', findComponent = UNNAMED } = options;
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_DELAY_RESOLUTION_MS });
  const meters = new Map<string, Meter>();
  const meterOf = (rule: AnyMetricRule): Meter => {
    const meter = meters.get(rule.name) ?? createMeter(rule, registry);
    meters.set(rule.name, meter);
    return meter;
  };
  const metersOf = new Map<string, readonly Meter[]>();
  const benthos = names === 'sluice' ? undefined : createBenthosMeters(registry, findComponent);
  for (const [type, { metrics }] of Object.entries<AnyEventRule>(catalogue)) {
    const own = names === 'benthos' ? [] : metrics.map(meterOf);
    metersOf.set(type, [...own, ...(benthos?.get(type) ?? [])]);
  }
  const families = async () => (await registry.getMetricsAsJSON()) as unknown as readonly Family[];
  return {
    emit: (event) => {
      const { level, message, ends }: AnyEventRule = catalogue[event.type];
      const { type, ...facts } = event;
      if (level) logger[level](message, { event: type, ...facts });
      for (const meter of metersOf.get(type)!) meter.record(event);
      for (const gauge of ends?.gauges ?? []) meters.get(gauge)?.remove(pick(event, ends!.labels));
    },
    startAtZero: (labels) => {
      for (const meter of new Set([...metersOf.values()].flat())) meter.startAtZero({ ...labels });
    },
    measure: (name, read) => {
      const { name: metric, help, labels } = measured[name];
      const gauge: Gauge = new Gauge({
        ...{ name: metric, help, labelNames: labels, registers: [registry] },
        collect: () => {
          gauge.reset();
          for (const { value, ...of } of read()) gauge.set(of, value);
        },
      });
    },
    custom: createCustomMetrics(registry),
    metrics: () => registry.metrics(),
    openMetrics: async () => toOpenMetrics(await families()),
    families,
    contentType: registry.contentType,
  };
}

/** Writes nothing and counts nothing; for tests and for embedding. */
export const silentTelemetry: Telemetry = {
  emit: () => undefined,
  startAtZero: () => undefined,
  measure: () => undefined,
  custom: { open: () => () => undefined },
  metrics: async () => '',
  openMetrics: async () => '# EOF\n',
  families: async () => [],
  contentType: 'text/plain',
};

type AnyEventRule = Pick<EventRule<Facts>, 'level' | 'message'> & {
  readonly metrics: readonly AnyMetricRule[];
  readonly ends?: { readonly gauges: readonly string[]; readonly labels: readonly string[] };
};

const pick = (event: Facts, labels: readonly string[]) => Object.fromEntries(labels.map((label) => [label, String(event[label])]));
