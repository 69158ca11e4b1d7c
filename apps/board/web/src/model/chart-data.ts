/** What a chart draws, and what it says in words. */
import type { History, Measure } from '../api/types.ts';

export interface ChartLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  /** Seconds since 1970, one a bucket. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}

/** More lines than this are hard to tell apart. The largest are drawn one by one, the others as their sum. */
const MOST_LINES = 5;

export interface ChartChoice {
  readonly measure: Measure;
  /** Counts become rates; lag and depth are what they are. */
  readonly isRate: boolean;
  /** Only of these; of all where absent. */
  readonly names?: readonly string[] | undefined;
  /** What a line is called. @default its name */
  readonly label?: string | undefined;
}

export function chartDataOf(history: History, choices: readonly ChartChoice[]): ChartData {
  const count = history.series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const times = Array.from({ length: count }, (_, index) => (history.startMs + index * history.bucketMs) / 1_000);
  return { times, lines: choices.flatMap((choice) => linesOf(history, choice)) };
}

/** Fewer make no chart: five minutes. */
const FEWEST_BUCKETS = 30;

/**
 * Without the buckets that are not over, whose counts are not whole, and without those before the first that was measured: an installation
 * that is young shows what it has.
 */
export function wholeBuckets(history: History, nowMs: number): History {
  const end = Math.max(0, Math.floor((nowMs - history.startMs) / history.bucketMs));
  const firsts = history.series.map(({ values }) => values.findIndex((value) => value !== null)).filter((index) => index >= 0);
  const start = Math.max(0, Math.min(...firsts, end - FEWEST_BUCKETS));
  return {
    ...history,
    startMs: history.startMs + start * history.bucketMs,
    series: history.series.map((each) => ({ ...each, values: each.values.slice(start, end) })),
  };
}

function linesOf({ series, bucketMs }: History, { measure, isRate, names, label }: ChartChoice): ChartLine[] {
  const scale = isRate ? 1_000 / bucketMs : 1;
  const found = series
    .filter((each) => each.measure === measure && (names?.includes(each.name) ?? true))
    .map(
      ({ name, values }): ChartLine => ({ name: label ?? name, values: values.map((value) => (value === null ? null : value * scale)) }),
    );
  if (found.length <= MOST_LINES) return found;
  const ordered = found.toSorted((a, b) => mean(b.values) - mean(a.values));
  const rest = ordered.slice(MOST_LINES - 1);
  const others = measure === 'lag' ? combine(rest, Math.max) : combine(rest, (a, b) => a + b);
  return [...ordered.slice(0, MOST_LINES - 1), { name: `${rest.length} others`, values: others }];
}

/** All lines of a measure as one. */
export function totalOf(history: History, measure: Measure, isRate: boolean): (number | null)[] {
  const lines = history.series.filter((each) => each.measure === measure);
  const scale = isRate ? 1_000 / history.bucketMs : 1;
  const total = combine(lines, measure === 'lag' ? Math.max : (a, b) => a + b);
  return total.map((value) => (value === null ? null : value * scale));
}

function combine(lines: readonly { values: readonly (number | null)[] }[], join: (a: number, b: number) => number): (number | null)[] {
  const length = lines.reduce((most, { values }) => Math.max(most, values.length), 0);
  return Array.from({ length }, (_, index) => {
    const known = lines.flatMap(({ values }) => values[index] ?? []);
    return known.length === 0 ? null : known.reduce((a, b) => join(a, b));
  });
}

const mean = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(1, values.length);

/** `orders: now 1,700, between 1,400 and 2,020`. */
export function summaryOf({ lines }: ChartData, text: (value: number) => string): string {
  const parts = lines.flatMap(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return [];
    return [`${name}: now ${text(known.at(-1)!)}, between ${text(Math.min(...known))} and ${text(Math.max(...known))}`];
  });
  return parts.length === 0 ? 'Nothing was measured in the last hour.' : `${parts.join('; ')}.`;
}
