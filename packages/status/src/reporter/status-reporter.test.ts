import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import type { HistoryCount } from '../history/history-count.ts';
import type { ReportStore } from '../reports/report-store.ts';
import type { WorkerReport } from '../worker-report.ts';
import { StatusReporter } from './status-reporter.ts';

const ACTORS = { id: 'worker', machine: 'worker', state: 'running', since: '2026-11-30T00:00:00.000Z', children: [] };
const answered = (written: number) =>
  ({ type: 'request.answered', egress: 'out', written, failed: 0, throttled: 0, bytes: 0, seconds: 0.01 }) as const;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a status reporter', () => {
  it('publishes at once and every five seconds, with rates since the report before', async () => {
    const { reporter, store, clock } = reporterOf();
    await using _ = reporter.publishTo(store);
    await settled();
    reporter.emit(answered(100));
    clock.advance(4_999);
    await settled();
    expect(store.reports).toHaveLength(1);
    clock.advance(1);
    await settled();

    expect(store.reports).toHaveLength(2);
    expect(store.reports[1]).toEqual({
      ...{ format: 1, workerId: 'w1', app: 'egress-worker', release: '1.2.3', host: 'h', pid: 7, startedAtMs: 1, atMs: clock.now() },
      ...{ operationsUrl: 'http://127.0.0.1:1', ready: true, state: 'running', reasons: [] },
      ...{ process: PROCESS, shards: [], routes: [], functions: [], egresses: [expect.objectContaining({ recordsPerSecond: 20 })] },
    });
    expect(store.counts[1]).toContainEqual({ measure: 'records_out', name: 'out', value: 100 });
  });

  it('publishes every second, with actors, while somebody looks', async () => {
    const { reporter, store, clock } = reporterOf();
    await using _ = reporter.publishTo(store);
    await settled();
    store.isWatched = true;
    clock.advance(5_000);
    await settled();
    clock.advance(1_000);
    await settled();
    store.isWatched = false;
    clock.advance(1_000);
    await settled();
    clock.advance(4_999);
    await settled();
    expect(store.reports.map(({ actors }) => actors)).toEqual([undefined, undefined, ACTORS, ACTORS]);
  });

  it('skips a report that cannot be written, with its counts, and never has two under way', async () => {
    const { reporter, store, clock } = reporterOf();
    store.answer = Promise.reject(new Error('redis is away'));
    await using _ = reporter.publishTo(store);
    await settled();
    reporter.emit(answered(100));
    const late = Promise.withResolvers<void>();
    store.answer = late.promise;
    clock.advance(5_000);
    await settled();
    clock.advance(60_000);
    await settled();
    expect(store.reports).toHaveLength(2);
    late.resolve();
    store.answer = undefined;
    await settled();
    reporter.emit(answered(7));
    clock.advance(5_000);
    await settled();
    expect(store.counts[2]).toContainEqual({ measure: 'records_out', name: 'out', value: 7 });
  });

  it('ends with what happened last, removes its report, and does not wait long for a Redis that is silent', async () => {
    const { reporter, store, clock } = reporterOf();
    const stopped = reporter.publishTo(store);
    await settled();
    reporter.emit(answered(7));
    await stopped[Symbol.asyncDispose]();
    expect(store.counts[1]).toContainEqual({ measure: 'records_out', name: 'out', value: 7 });
    expect(store.removed).toEqual(['w1']);
    expect(clock.pendingTimers).toBe(0);

    store.answer = new Promise(() => undefined);
    const publishing = reporter.publishTo(store);
    await settled();
    const ending = publishing[Symbol.asyncDispose]();
    await settled();
    clock.advance(500);
    await ending;
    expect(store.removed).toEqual(['w1']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('answers the last report with the readiness and the actors of this moment', async () => {
    const { reporter, store, clock, now } = reporterOf();
    await using _ = reporter.publishTo(store);
    await settled();
    clock.advance(1_000);
    now.ready = false;
    expect(reporter.read()).toMatchObject({ atMs: clock.now() - 1_000, ready: false, actors: ACTORS });
  });
});

const PROCESS = { rssBytes: 1, heapUsedBytes: 2, cpuShare: 0.5, eventLoopDelayMs: 3 };

function reporterOf() {
  const clock = new ManualClock();
  const now = { operationsUrl: 'http://127.0.0.1:1', ready: true, state: 'running', reasons: [] as string[] };
  const reporter = new StatusReporter({
    identity: { workerId: 'w1', app: 'egress-worker', release: '1.2.3', host: 'h', pid: 7, startedAtMs: 1 },
    readNow: () => now,
    readActors: () => ACTORS,
    process: { take: () => PROCESS, [Symbol.dispose]: () => undefined },
    clock,
  });
  return { reporter, clock, now, store: new FakeStore() };
}

class FakeStore implements ReportStore {
  readonly reports: WorkerReport[] = [];
  readonly counts: (readonly HistoryCount[])[] = [];
  readonly removed: string[] = [];
  isWatched = false;
  answer: Promise<void> | undefined;

  async publish(report: WorkerReport, counts: readonly HistoryCount[]): Promise<boolean> {
    this.reports.push(report);
    this.counts.push(counts);
    await this.answer;
    return this.isWatched;
  }

  async remove(workerId: string): Promise<void> {
    this.removed.push(workerId);
  }
}
