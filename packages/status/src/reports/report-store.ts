import { actorsKey, historyKeyBase, type RedisSession, readScript, reportKey, reportsKey, watchedKey } from '@sluice/redis';
import { type HistoryCount, isLargest } from '../history/history-count.ts';
import type { WorkerReport } from '../worker-report.ts';

/** Where a worker's reports go. Each method rejects with what `session.run` throws. */
export interface ReportStore {
  /** Answers whether somebody looks. */
  publish(report: WorkerReport, counts: readonly HistoryCount[]): Promise<boolean>;
  remove(workerId: string): Promise<void>;
}

/** Three reports may be missed. */
export const REPORT_LIFE_MS = 16_000;
const BUCKET_LIFE_MS = 70 * 60_000;

const publishScript = readScript(new URL('./publish.lua', import.meta.url));

export const createReportStore = (session: RedisSession, keyPrefix: string): ReportStore => ({
  async publish({ actors, ...report }, counts) {
    const { workerId } = report;
    const of = [reportKey(keyPrefix, workerId), actorsKey(keyPrefix, workerId)];
    const keys = [reportsKey(keyPrefix), ...of, watchedKey(keyPrefix), historyKeyBase(keyPrefix)];
    const texts = [JSON.stringify(report), actors ? JSON.stringify(actors) : ''];
    const args = [workerId, REPORT_LIFE_MS, ...texts, BUCKET_LIFE_MS, ...counts.flatMap(toArguments)];
    return (await session.run(session.epoch, (client) => publishScript(client, keys, args))) === 1;
  },

  async remove(workerId) {
    await session.run(session.epoch, async (client) => {
      await client.zrem(reportsKey(keyPrefix), workerId);
      await client.del(reportKey(keyPrefix, workerId), actorsKey(keyPrefix, workerId));
    });
  },
});

const toArguments = ({ measure, name, value }: HistoryCount): string[] => [
  isLargest(measure) ? 'max' : 'sum',
  `${measure}|${name}`,
  // A sum of 0 says that somebody was there to count.
  String(Math.round(value)),
];
