import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { measureLanes } from './lane-meter.ts';

describe('measureLanes', () => {
  it('reports at once and every five seconds what waits, leaves out what cannot be measured, and stops when asked to', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const told: unknown[] = [];
    const answers = [
      async () => ({ records: 1, bytes: 10 }),
      () => Promise.reject(new Error('away')),
      async () => ({ records: 3, bytes: 30 }),
    ];
    const options = {
      measureLanes: () => answers.shift()!(),
      report: (backlog: unknown) => told.push(backlog),
      clock,
      logger: silentLogger,
    };
    const measuring = measureLanes(options, stop.signal);
    for (let turn = 0; turn < 2; turn++) {
      await new Promise(setImmediate);
      clock.advance(5_000);
    }
    await new Promise(setImmediate);
    stop.abort();
    await measuring;

    expect(told).toEqual([
      { records: 1, bytes: 10 },
      { records: 3, bytes: 30 },
    ]);
    expect(answers).toEqual([]);
  });
});
