import type { ActorNode } from '@sluice/actor-kit';
import { actorsKey, type RedisSession, reportKey, reportsKey, watchedKey } from '@sluice/redis';
import type { WorkerReport } from '../worker-report.ts';
import { REPORT_LIFE_MS } from './report-store.ts';

export interface ReportsOptions {
  readonly keyPrefix: string;
}

/** The last report of each worker that runs, without actors, by app and id. Reports of an unknown format are left out. */
export async function readReports(session: RedisSession, { keyPrefix }: ReportsOptions): Promise<WorkerReport[]> {
  const texts = await session.run(session.epoch, async (client) => {
    const workers = await client.zrange(reportsKey(keyPrefix), '0', '-1');
    return workers.length === 0 ? [] : client.mget(workers.map((worker) => reportKey(keyPrefix, worker)));
  });
  return texts.flatMap((text) => toReport(text) ?? []).sort((a, b) => compare(a.app, b.app) || compare(a.workerId, b.workerId));
}

/** How far each worker's clock is ahead of Redis', milliseconds, as of its last report; its way to Redis makes it seem a little behind. */
export async function readClockSkews(session: RedisSession, { keyPrefix }: ReportsOptions): Promise<ReadonlyMap<string, number>> {
  const [reports, lives] = await Promise.all([
    readReports(session, { keyPrefix }),
    session.run(session.epoch, (client) => client.zrange(reportsKey(keyPrefix), '0', '-1', 'WITHSCORES')),
  ]);
  const until = new Map(Array.from({ length: lives.length / 2 }, (_, n) => [lives[2 * n]!, Number(lives[2 * n + 1])]));
  return new Map(reports.map(({ workerId, atMs }) => [workerId, atMs - ((until.get(workerId) ?? atMs + REPORT_LIFE_MS) - REPORT_LIFE_MS)]));
}

/** The last report of a worker, with its actors where somebody has been looking for some seconds; `undefined` where it does not run. */
export async function readReport(
  session: RedisSession,
  { keyPrefix, worker }: ReportsOptions & { worker: string },
): Promise<WorkerReport | undefined> {
  const [text, actors] = await session.run(session.epoch, (client) =>
    client.mget(reportKey(keyPrefix, worker), actorsKey(keyPrefix, worker)),
  );
  const report = toReport(text);
  return report && { ...report, ...(actors ? { actors: JSON.parse(actors) as ActorNode } : {}) };
}

/** How long workers report each second after this. */
const WATCHED_SECONDS = 15;

/** Makes workers report each second, with their actors, for the next 15 seconds. It takes effect with their next report. */
export async function noteWatched(session: RedisSession, { keyPrefix }: ReportsOptions): Promise<void> {
  await session.run(session.epoch, (client) => client.set(watchedKey(keyPrefix), '1', 'EX', WATCHED_SECONDS));
}

function toReport(text: string | null | undefined): WorkerReport | undefined {
  if (!text) return undefined;
  const report = JSON.parse(text) as WorkerReport;
  return report.format === 1 ? report : undefined;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
