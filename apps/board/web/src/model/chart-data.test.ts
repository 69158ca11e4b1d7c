import { describe, expect, it } from 'vitest';
import type { History, Measure } from '../api/types.ts';
import { chartDataOf, summaryOf, totalOf, wholeBuckets } from './chart-data.ts';

const historyOf = (measure: Measure, series: Readonly<Record<string, readonly (number | null)[]>>): History => ({
  ...{ bucketMs: 10_000, startMs: 1_000_000 },
  series: Object.entries(series).map(([name, values]) => ({ measure, name, values })),
});

describe('chartDataOf', () => {
  it('makes rates of counts, and keeps what was not measured', () => {
    const history = historyOf('records_in', { a: [100, null, 50] });
    expect(chartDataOf(history, [{ measure: 'records_in', isRate: true }])).toEqual({
      times: [1_000, 1_010, 1_020],
      lines: [{ name: 'a', values: [10, null, 5] }],
    });
  });

  it('draws the largest and sums up the others where there are many', () => {
    const history = historyOf('records_out', { a: [1], b: [9], c: [8], d: [7], e: [6], f: [2] });
    const { lines } = chartDataOf(history, [{ measure: 'records_out', isRate: false }]);
    expect(lines).toEqual([
      { name: 'b', values: [9] },
      { name: 'c', values: [8] },
      { name: 'd', values: [7] },
      { name: 'e', values: [6] },
      { name: '2 others', values: [3] },
    ]);
  });

  it('draws only what it is asked for', () => {
    const history = historyOf('lag', { a: [1], b: [2] });
    expect(chartDataOf(history, [{ measure: 'lag', isRate: false, names: ['b'] }]).lines).toEqual([{ name: 'b', values: [2] }]);
  });
});

describe('totals and summaries', () => {
  it('sums rates, and takes the largest lag', () => {
    expect(totalOf(historyOf('records_in', { a: [100, null], b: [50, null] }), 'records_in', true)).toEqual([15, null]);
    expect(totalOf(historyOf('lag', { a: [3, 1], b: [2, null] }), 'lag', false)).toEqual([3, 1]);
  });

  it('leaves out a bucket that is not over', () => {
    const history = historyOf('lag', { a: [1, 2, 3] });
    expect(wholeBuckets(history, 1_029_000).series[0]!.values).toEqual([1, 2]);
    expect(wholeBuckets(history, 1_030_000).series[0]!.values).toEqual([1, 2, 3]);
  });

  it('begins with the first measurement, or five minutes ago where that is sooner', () => {
    const young = historyOf('lag', { a: [...Array(350).fill(null), ...Array(10).fill(1)] });
    const end = 1_000_000 + 360 * 10_000;
    expect(wholeBuckets(young, end)).toMatchObject({ startMs: end - 300_000, series: [{ values: { length: 30 } }] });
    const older = historyOf('lag', { a: [...Array(100).fill(null), ...Array(260).fill(1)] });
    expect(wholeBuckets(older, end)).toMatchObject({ startMs: end - 2_600_000, series: [{ values: { length: 260 } }] });
  });

  it('says a chart in words', () => {
    const data = chartDataOf(historyOf('lag', { a: [1, 4, 2] }), [{ measure: 'lag', isRate: false }]);
    expect(summaryOf(data, (value) => `${value} s`)).toBe('a: now 2 s, between 1 s and 4 s.');
    expect(summaryOf({ times: [], lines: [] }, String)).toBe('Nothing was measured in the last hour.');
  });
});
