import { Counter, Gauge, type Registry, Summary } from 'prom-client';

/** A metric that a configuration defines. */
export interface CustomMetric {
  readonly kind: 'counter' | 'gauge' | 'timing';
  readonly name: string;
  readonly labels: readonly string[];
}

/** Adds to a counter, sets a gauge, or observes a timing (in nanoseconds). Every label has a value. */
export type CustomMeter = (labels: Readonly<Record<string, string>>, value: number) => void;

export interface CustomMetrics {
  /**
   * Opens a metric beside those of events. The same definition, opened again, is the same metric.
   * @throws {RangeError} Prometheus has no such name or label, or the name stands for another metric
   */
  open(metric: CustomMetric): CustomMeter;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const QUANTILES = [0.5, 0.9, 0.99];

export function createCustomMetrics(registry: Registry): CustomMetrics {
  const known = new Map<string, { readonly definition: string; readonly meter: CustomMeter }>();
  return {
    open: ({ kind, name, labels }) => {
      const definition = `${kind}(${[...labels].sort().join(', ')})`;
      const opened = known.get(name);
      if (opened?.definition === definition) return opened.meter;
      if (opened) throw new RangeError(`expected one definition of the metric \`${name}\`, found ${opened.definition} and ${definition}`);
      if (!NAME.test(name)) throw new RangeError(`expected a metric name of letters, digits, \`_\` and \`:\`, found \`${name}\``);
      const foreign = labels.find((label) => !LABEL.test(label));
      if (foreign !== undefined) throw new RangeError(`expected a label name of letters, digits and \`_\`, found \`${foreign}\``);
      if (registry.getSingleMetric(name)) throw new RangeError(`the metric \`${name}\` is one of Sluice's own; choose another name`);
      const meter = createMeter({ kind, name, labels }, registry);
      known.set(name, { definition, meter });
      return meter;
    },
  };
}

function createMeter({ kind, name, labels }: CustomMetric, registry: Registry): CustomMeter {
  const options = { name, help: 'Defined by the configuration.', labelNames: [...labels], registers: [registry] };
  switch (kind) {
    case 'counter': {
      const counter = new Counter(options);
      return (of, value) => counter.inc(of, value);
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      return (of, value) => gauge.set(of, value);
    }
    case 'timing': {
      const summary = new Summary({ ...options, percentiles: QUANTILES, maxAgeSeconds: 600, ageBuckets: 5 });
      return (of, value) => summary.observe(of, value);
    }
  }
}
