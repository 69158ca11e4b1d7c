import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cpuMs, Stopwatch } from './stopwatch.ts';

it('counts no more than has passed', async () => {
  const startedAt = performance.now();
  using stopwatch = new Stopwatch();
  await delay(300);
  const quietMs = stopwatch.stop();
  expect(quietMs).toBeGreaterThan(0);
  expect(quietMs).toBeLessThanOrEqual(performance.now() - startedAt);
});

it('counts the time of a timer in full, and a tenth of the rest at least', async () => {
  using stopwatch = new Stopwatch({ fixedMs: 200 });
  await delay(300);
  expect(stopwatch.stop()).toBeGreaterThanOrEqual(200 + 0.1 * (300 - 200) - 5);
});

it('counts processor time alone', () => {
  const work = () => {
    for (const end = process.threadCpuUsage().user + 20_000; process.threadCpuUsage().user < end; );
  };
  expect(cpuMs(work)).toBeGreaterThanOrEqual(19);
});
