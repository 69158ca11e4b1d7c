import { describe, expect, it } from 'vitest';
import { installation } from '../../fixture/installation.ts';
import { flowPath } from './flow-path.ts';
import { byTrouble as byLaneTrouble, depthStep } from './lane-status.ts';
import { byTrouble as byShardTrouble, rateStep } from './shard-status.ts';
import { sortRows } from './sort-rows.ts';
import { sparkPath } from './spark-path.ts';

const { streams, targets } = installation('broken', Date.UTC(2026, 0, 31, 8, 0, 0));

describe('the order of rows', () => {
  it('begins with the shards in trouble, the largest lag first', () => {
    const [flights] = streams;
    expect(flights!.shards.toSorted(byShardTrouble(flights!)).map(({ shardId }) => Number(shardId.slice(-1)))).toEqual([
      1,
      4,
      2,
      ...[expect.any(Number), expect.any(Number), expect.any(Number)],
    ]);
  });

  it('begins with the lanes in trouble, the oldest first', () => {
    const [departures] = targets;
    const lanes = departures!.lanes.toSorted(byLaneTrouble(departures!)).map(({ lane }) => lane);
    expect(lanes.slice(0, 5)).toEqual([3, 8, 13, 6, 15]);
  });

  it('follows a column, those without a value last', () => {
    const rows = [{ lag: 2 }, { lag: null }, { lag: 7 }];
    expect(sortRows(rows, ({ lag }) => lag, 'descending').map(({ lag }) => lag)).toEqual([7, 2, null]);
    expect(sortRows(rows, ({ lag }) => lag, 'ascending').map(({ lag }) => lag)).toEqual([2, 7, null]);
  });
});

describe('what is drawn', () => {
  it('shades a lane by its depth and a shard by its rate', () => {
    expect([0, 1, 30, 1_000].map((records) => depthStep(records, 1_000))).toEqual([0, 1, 2, 4]);
    expect([0, 1, 60, 100].map((rate) => rateStep(rate, 100))).toEqual([0, 1, 3, 4]);
    expect(rateStep(0, 0)).toBe(0);
  });

  it('leaves gaps in a curve where nothing was measured', () => {
    const { line } = sparkPath([0, 10, null, 5, 10], 40, 20);
    expect(line).toBe('M0 18.5L10 1.5M30 10L40 1.5');
    expect(sparkPath([null, null], 40, 20)).toEqual({ line: '', area: '' });
  });

  it('draws a line between two heights', () => {
    expect(flowPath(26, 26, 72)).toBe('M0 26H72');
    expect(flowPath(26, 100, 72)).toBe('M0 26C36 26 36 100 72 100');
  });
});
