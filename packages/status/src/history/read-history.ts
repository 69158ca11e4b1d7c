import { historyKey, type RedisSession, runPipeline } from '@sluice/redis';
import type { History, HistorySeries, Measure } from './history.ts';

const BUCKET_SECONDS = 10;
const LONGEST_SECONDS = 3_600;

export interface HistoryOptions {
  readonly keyPrefix: string;
  /** From when on, by the clock of Redis, milliseconds since 1970. An hour is kept. */
  readonly sinceMs: number;
}

/**
 * What happened since then, up to the last bucket that is complete, in one round trip after that for the time. Series are sorted by measure
 * and name.
 */
export async function readHistory(session: RedisSession, { keyPrefix, sinceMs }: HistoryOptions): Promise<History> {
  const [seconds] = await session.run(session.epoch, (client) => client.time());
  const end = Math.floor(Number(seconds) / BUCKET_SECONDS);
  const first = Math.ceil(Math.max(sinceMs / 1_000, Number(seconds) - LONGEST_SECONDS) / BUCKET_SECONDS);
  const buckets = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  const rows = (await runPipeline(session, session.epoch, (pipeline) => {
    for (const bucket of buckets) pipeline.hgetall(historyKey(keyPrefix, bucket));
  })) as Record<string, string>[];
  return { bucketMs: 10_000, startMs: first * BUCKET_SECONDS * 1_000, series: toSeries(rows) };
}

function toSeries(rows: readonly Readonly<Record<string, string>>[]): HistorySeries[] {
  const series = new Map<string, (number | null)[]>();
  for (const [index, row] of rows.entries()) {
    for (const [field, value] of Object.entries(row)) {
      const values = series.get(field) ?? new Array<number | null>(rows.length).fill(null);
      values[index] = Number(value);
      series.set(field, values);
    }
  }
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, values]) => {
      const bar = field.indexOf('|');
      return { measure: field.slice(0, bar) as Measure, name: field.slice(bar + 1), values };
    });
}
