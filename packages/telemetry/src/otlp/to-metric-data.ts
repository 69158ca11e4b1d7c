import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, DataPointType, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Family, FamilyValue } from '../families.ts';

export interface Times {
  /** When the process began to count. */
  readonly start: HrTime;
  readonly now: HrTime;
}

/** Metrics in the form of OpenTelemetry, under the same names. A summary becomes a gauge for its quantiles, and counters for the rest. */
export function toMetricData(families: readonly Family[], times: Times): MetricData[] {
  return families.flatMap((family) => {
    switch (family.type) {
      case 'counter':
        return sumOf(family.name, family.help, family.values, times);
      case 'histogram':
        return histogramOf(family, times);
      case 'summary':
        return summaryOf(family, times);
      default:
        return gaugeOf(family.name, family.help, family.values, times);
    }
  });
}

const common = (name: string, description: string) => ({
  descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
  aggregationTemporality: AggregationTemporality.CUMULATIVE,
});

const sumOf = (name: string, help: string, values: readonly FamilyValue[], times: Times): MetricData => ({
  ...common(name, help),
  dataPointType: DataPointType.SUM,
  isMonotonic: true,
  dataPoints: values.map((value) => pointOf(value, times)),
});

const gaugeOf = (name: string, help: string, values: readonly FamilyValue[], times: Times): MetricData => ({
  ...common(name, help),
  dataPointType: DataPointType.GAUGE,
  dataPoints: values.map((value) => pointOf(value, times)),
});

function summaryOf({ name, help, values }: Family, times: Times): MetricData[] {
  const parts = Map.groupBy(values, ({ metricName = name }) => metricName);
  return [...parts].map(([part, of]) => (part === name ? gaugeOf(part, help, of, times) : sumOf(part, help, of, times)));
}

const pointOf = ({ value, labels }: FamilyValue, { start, now }: Times): DataPoint<number> => ({
  ...{ startTime: start, endTime: now, attributes: labels as Attributes, value },
});

function histogramOf({ name, help, values }: Family, { start, now }: Times): MetricData {
  const series = Map.groupBy(values, ({ labels: { le: _, ...of } }) => JSON.stringify(of));
  return {
    ...common(name, help),
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...series.values()].map((of) => ({ startTime: start, endTime: now, ...seriesOf(of) })),
  };
}

/** The buckets of a series, which in Prometheus hold what is in smaller ones too. */
function seriesOf(values: readonly FamilyValue[]): { readonly attributes: Attributes; readonly value: Histogram } {
  const valueNamed = (suffix: string) => values.find(({ metricName }) => metricName?.endsWith(suffix))?.value ?? 0;
  const buckets = values.filter(({ labels }) => 'le' in labels).toSorted((a, b) => boundOf(a) - boundOf(b));
  const { le: _, ...attributes } = buckets[0]?.labels ?? {};
  return {
    attributes: attributes as Attributes,
    value: {
      buckets: {
        boundaries: buckets.map(boundOf).filter(Number.isFinite),
        counts: buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0)),
      },
      sum: valueNamed('_sum'),
      count: valueNamed('_count'),
    },
  };
}

const boundOf = ({ labels }: FamilyValue): number => (labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']));
