import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { type LaneAges, measureLanes } from './lane-meter.ts';

it('reports how old each lane is that this worker holds, and when that is not known any more', async () => {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const reports: string[] = [];
  let ages: LaneAges | Error = new Map();
  const measuring = measureLanes(
    {
      ...{ clock, logger: silentLogger, report: () => undefined, measureLanes: async () => ({ records: 0, bytes: 0 }) },
      measureAges: async () => {
        if (ages instanceof Error) throw ages;
        return ages;
      },
      reportAge: (lane, ageMs) => reports.push(`${lane} ${ageMs}`),
    },
    stopping.signal,
  );
  await new Promise(setImmediate);
  const look = async (found: LaneAges | Error) => {
    ages = found;
    clock.advance(5_000);
    await new Promise(setImmediate);
    return reports.splice(0);
  };

  const lanes = (...entries: ReadonlyArray<readonly [number, number]>) => new Map(entries);
  expect(await look(lanes([0, 40], [3, 0]))).toEqual(['0 40', '3 0']);
  expect(await look(lanes([3, 20]))).toEqual(['0 undefined', '3 20']);
  expect(await look(new Error('redis is away'))).toEqual(['3 undefined']);
  expect(await look(lanes([3, 30]))).toEqual(['3 30']);
  stopping.abort();
  await measuring;
  expect(reports).toEqual(['3 undefined']);
});
