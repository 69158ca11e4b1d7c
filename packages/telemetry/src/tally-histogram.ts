import type { DurationTally } from './duration-tally.ts';

type Labels = Readonly<Record<string, string>>;

interface Series {
  readonly labels: Labels;
  readonly counts: number[];
  readonly exemplars: Array<Exemplar | undefined>;
  sum: number;
}

interface Exemplar {
  readonly labelSet: { readonly trace_id: string };
  readonly value: number;
}

/** A histogram that takes many observations at once. A registry of prom-client reads it like one of its own. */
export class TallyHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor({ name, help, buckets }: { readonly name: string; readonly help: string; readonly buckets: readonly number[] }) {
    this.name = name;
    this.help = help;
    this.#bounds = buckets;
  }

  add(labels: Labels, { counts, sumSeconds, longestSeconds, traceId }: DurationTally): void {
    const series = this.#seriesOf(labels);
    for (const [bucket, count] of counts.entries()) series.counts[bucket]! += count;
    series.sum += sumSeconds;
    if (traceId === undefined) return;
    series.exemplars[counts.findLastIndex((count) => count > 0)] = { labelSet: { trace_id: traceId }, value: longestSeconds };
  }

  zero(labels: Labels): void {
    this.#seriesOf(labels);
  }

  remove(labels: Labels): void {
    this.#series.delete(keyOf(labels));
  }

  async get() {
    const { name, help, type, aggregator } = this;
    return {
      name,
      help,
      type,
      aggregator,
      values: this.#series
        .values()
        .toArray()
        .flatMap((series) => this.#valuesOf(series)),
    };
  }

  #seriesOf(labels: Labels): Series {
    const key = keyOf(labels);
    const known = this.#series.get(key);
    if (known) return known;
    const series = { labels, counts: Array(this.#bounds.length + 1).fill(0), exemplars: [], sum: 0 };
    this.#series.set(key, series);
    return series;
  }

  #valuesOf({ labels, counts, exemplars, sum }: Series) {
    let total = 0;
    const buckets = counts.map((count, bucket) => {
      total += count;
      const exemplar = exemplars[bucket];
      return {
        metricName: `${this.name}_bucket`,
        labels: { ...labels, le: String(this.#bounds[bucket] ?? '+Inf') },
        value: total,
        ...(exemplar && { exemplar }),
      };
    });
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: total }];
  }
}

const keyOf = (labels: Labels): string => JSON.stringify(Object.values(labels));
