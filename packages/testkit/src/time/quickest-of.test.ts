import { expect, it } from 'vitest';
import { quickestOf } from './quickest-of.ts';

it('measures until it was quick once, and gives up what never is', async () => {
  const measured: number[] = [];
  const measure = (times: number[]) => async () => {
    measured.push(times[0]!);
    return times.shift()!;
  };
  expect(await quickestOf(10, measure([30, 10, 9, 1]))).toBe(9);
  expect(measured).toEqual([30, 10, 9]);
  expect(await quickestOf(10, measure([30, 20, 40, 50, 60, 1]))).toBe(20);
});
