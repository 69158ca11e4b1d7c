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

it('counts processor time alone', () => {
  const work = () => {
    for (const end = process.threadCpuUsage().user + 20_000; process.threadCpuUsage().user < end; );
  };
  expect(cpuMs(work)).toBeGreaterThanOrEqual(19);
});
