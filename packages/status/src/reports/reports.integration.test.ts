import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, historyKey, type RedisSession, reportKey, reportsKey } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryCount } from '../history/history-count.ts';
import { readHistory } from '../history/read-history.ts';
import type { WorkerReport } from '../worker-report.ts';
import { noteWatched, readReport, readReports } from './read-reports.ts';
import { createReportStore } from './report-store.ts';

const stack = new AsyncDisposableStack();
let session: RedisSession;
let keyPrefix: string;
beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  keyPrefix = randomUUID();
});

const ACTORS = { id: 'worker', machine: 'worker', state: 'running', since: '2026-11-30T00:00:00.000Z', children: [] };
const reportOf = (workerId: string, app: WorkerReport['app'] = 'egress-worker'): WorkerReport => ({
  ...{ format: 1, workerId, app, release: '1.2.3', host: 'h', pid: 7, startedAtMs: 1, atMs: 2 },
  ...{ operationsUrl: 'http://127.0.0.1:1', ready: true, state: 'running', reasons: [] },
  process: { rssBytes: 1, heapUsedBytes: 2, cpuShare: 0.5, eventLoopDelayMs: 3 },
  ...{ shards: [], routes: [], egresses: [], functions: [] },
});

describe('reports in Redis', () => {
  it('are read by app and worker, are there for some seconds, and go with their worker', async () => {
    const store = createReportStore(session, keyPrefix);
    const all = [reportOf('b'), reportOf('a:actors'), reportOf('z', 'ingress-worker')];
    for (const report of all) await store.publish(report, []);
    expect((await readReports(session, { keyPrefix })).map(({ workerId }) => workerId)).toEqual(['a:actors', 'b', 'z']);
    for (const key of [reportsKey(keyPrefix), reportKey(keyPrefix, 'b')]) {
      expect(await session.client.pttl(key)).toBeGreaterThan(5_000);
      expect(await session.client.pttl(key)).toBeLessThanOrEqual(16_000);
    }

    await store.remove('b');
    await session.client.del(reportKey(keyPrefix, 'z'));
    expect(await readReports(session, { keyPrefix })).toEqual([reportOf('a:actors')]);
  });

  it('leave out a format of another release', async () => {
    const store = createReportStore(session, keyPrefix);
    await store.publish({ ...reportOf('new'), format: 2 as 1 }, []);
    expect(await readReports(session, { keyPrefix })).toEqual([]);
    expect(await readReport(session, { keyPrefix, worker: 'new' })).toBeUndefined();
  });

  it('say whether somebody looks, and keep actors apart', async () => {
    const store = createReportStore(session, keyPrefix);
    expect(await store.publish(reportOf('a'), [])).toBe(false);
    await noteWatched(session, { keyPrefix });
    expect(await store.publish({ ...reportOf('a'), actors: ACTORS }, [])).toBe(true);
    expect(await readReports(session, { keyPrefix })).toEqual([reportOf('a')]);
    expect(await readReport(session, { keyPrefix, worker: 'a' })).toEqual({ ...reportOf('a'), actors: ACTORS });
  });
});

describe('the history in Redis', () => {
  it('sums counts up, keeps the largest lag, and ends with the last bucket that is complete', async () => {
    const counts = (records: number, lag: number): HistoryCount[] => [
      { measure: 'records_in', name: 'in/a|b', value: records },
      { measure: 'lag', name: 'in/a|b', value: lag },
    ];
    const publish = async () => {
      keyPrefix = randomUUID();
      const store = createReportStore(session, keyPrefix);
      await store.publish(reportOf('a'), counts(10, 3));
      await store.publish(reportOf('b'), counts(32, 2.4));
      return (await session.client.keys(historyKey(keyPrefix, 0).replace(/0$/, '*'))).map((key) => Number(key.split(':').at(-1)));
    };
    // A bucket may end between the two.
    let buckets = await publish();
    while (buckets.length > 1) buckets = await publish();
    const [bucket] = buckets;
    expect(await session.client.hgetall(historyKey(keyPrefix, bucket!))).toEqual({ 'records_in|in/a|b': '42', 'lag|in/a|b': '3' });
    expect(await session.client.pttl(historyKey(keyPrefix, bucket!))).toBeGreaterThan(3_600_000);

    // What lies in the past is complete.
    await session.client.rename(historyKey(keyPrefix, bucket!), historyKey(keyPrefix, bucket! - 6));
    const sinceMs = (bucket! - 7) * 10_000;
    const { bucketMs, startMs, series } = await readHistory(session, { keyPrefix, sinceMs });
    expect([bucketMs, startMs]).toEqual([10_000, sinceMs]);
    const values = (value: number) => [null, value, ...new Array<null>(series[0]!.values.length - 2).fill(null)];
    expect(series).toEqual([
      { measure: 'lag', name: 'in/a|b', values: values(3) },
      { measure: 'records_in', name: 'in/a|b', values: values(42) },
    ]);
    expect(series[0]!.values.length).toBeGreaterThanOrEqual(7);
  });

  it('is of an hour at most', async () => {
    await createReportStore(session, keyPrefix).publish(reportOf('a'), [{ measure: 'failed', name: 'out', value: 1 }]);
    const { startMs, series } = await readHistory(session, { keyPrefix, sinceMs: 0 });
    expect(Date.now() - startMs).toBeLessThanOrEqual(3_700_000);
    expect(series).toEqual([]);
  });
});
