import { Counter, Gauge, Histogram, type Metric, type Registry, Summary } from 'prom-client';
import type { MetricRule, Rollup } from './catalogue/rules.ts';
import { DurationTally } from './duration-tally.ts';
import { TallyHistogram } from './tally-histogram.ts';

/** An event as a meter sees it; which fields are there is checked where rules and events are declared. */
export type Facts = Readonly<Record<string, string | number | DurationTally | undefined>>;

/** A rule without the type of its event. */
export type AnyMetricRule = Pick<MetricRule<Facts>, 'help' | 'buckets'> & {
  readonly name: string;
  readonly kind: MetricRule<Facts>['kind'] | 'summary';
  readonly labels: readonly string[];
  readonly amount?: string | undefined;
  /** What the amount is multiplied with. @default 1 */
  readonly scale?: number;
  readonly rollups?: readonly Rollup[];
  readonly known?: Readonly<Record<string, readonly unknown[]>>;
};

/** One metric of a registry. */
export interface Meter {
  record(event: Facts): void;
  /** Forgets the value of these labels. */
  remove(labels: Readonly<Record<string, string>>): void;
  /** Starts at 0 where every label is among these or has known values. A gauge has no value until it is measured. */
  startAtZero(labels: Readonly<Record<string, string>>): void;
}

/** As Benthos has them. */
const QUANTILES = [0.5, 0.9, 0.99];

export function createMeter(rule: AnyMetricRule, registry: Registry): Meter {
  const options = { name: rule.name, help: rule.help, labelNames: [...rule.labels], registers: [registry] };
  const labelsOf = (event: Facts) => Object.fromEntries(rule.labels.map((label) => [label, String(event[label])]));
  const withAmount = (event: Facts, record: (amount: number) => void) => {
    const amount = rule.amount === undefined ? 1 : event[rule.amount];
    if (typeof amount === 'number') record(amount * (rule.scale ?? 1));
  };
  switch (rule.kind) {
    case 'counter': {
      const counter = new Counter(options);
      return {
        record: (event) => withAmount(event, (amount) => counter.inc(labelsOf(event), amount)),
        remove: (labels) => counter.remove(labels),
        startAtZero: (labels) => {
          for (const each of knownLabels(rule, labels)) counter.inc(each, 0);
        },
      };
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      for (const rollup of rule.rollups ?? []) rollUp(gauge, rollup, registry);
      return {
        record: (event) => withAmount(event, (amount) => gauge.set(labelsOf(event), amount)),
        remove: (labels) => gauge.remove(labels),
        startAtZero: () => undefined,
      };
    }
    case 'summary': {
      const summary = new Summary({ ...options, percentiles: QUANTILES, maxAgeSeconds: 600, ageBuckets: 5 });
      return {
        record: (event) => withAmount(event, (amount) => summary.observe(labelsOf(event), amount)),
        remove: (labels) => summary.remove(labels),
        startAtZero: () => undefined,
      };
    }
    case 'tally': {
      const histogram = new TallyHistogram({ name: rule.name, help: rule.help, buckets: rule.buckets ?? [] });
      registry.registerMetric(histogram as unknown as Metric);
      return {
        record: (event) => {
          const tally = event[rule.amount!];
          if (tally instanceof DurationTally) histogram.add(labelsOf(event), tally);
        },
        remove: (labels) => histogram.remove(labels),
        startAtZero: (labels) => {
          for (const each of knownLabels(rule, labels)) histogram.zero(each);
        },
      };
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: [...(rule.buckets ?? [])] });
      // `zero` forgets what was observed, and a configuration that is loaded anew starts its labels again.
      const started = new Set<string>();
      return {
        record: (event) => withAmount(event, (amount) => histogram.observe(labelsOf(event), amount)),
        remove: (labels) => histogram.remove(labels),
        startAtZero: (labels) => {
          for (const each of knownLabels(rule, labels)) {
            const series = JSON.stringify(each);
            if (!started.has(series)) histogram.zero(each);
            started.add(series);
          }
        },
      };
    }
  }
}

/** Every combination of label values that is known beforehand; none where a label is open. */
function knownLabels({ labels, known = {} }: AnyMetricRule, given: Readonly<Record<string, string>>): Array<Record<string, string>> {
  let combinations: Array<Record<string, string>> = [{}];
  for (const label of labels) {
    const values = given[label] === undefined ? (known[label] ?? []) : [given[label]];
    combinations = combinations.flatMap((each) => values.map((value) => ({ ...each, [label]: String(value) })));
  }
  return combinations;
}

/** A gauge over the values of another that share some labels. It has a value as long as one of them has. */
function rollUp(from: Gauge, { name, help, labels, by }: Rollup, registry: Registry): void {
  const combine = by === 'max' ? Math.max : (a: number, b: number) => a + b;
  const gauge: Gauge = new Gauge({
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    collect: async () => {
      gauge.reset();
      const groups = new Map<string, { readonly of: Record<string, string>; value: number }>();
      for (const { value, labels: all } of (await from.get()).values) {
        const of = Object.fromEntries(labels.map((label) => [label, String(all[label])]));
        const key = JSON.stringify(of);
        const group = groups.get(key);
        if (group) group.value = combine(group.value, value);
        else groups.set(key, { of, value });
      }
      for (const { of, value } of groups.values()) gauge.set(of, value);
    },
  });
}
