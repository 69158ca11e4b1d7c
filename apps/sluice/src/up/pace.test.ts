import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('Pace', () => {
  it('keeps to the wanted rate', () => {
    const { pace, at } = paceOf(1_000);
    pace.fed(500);
    expect(pace.waitMs()).toBe(500);
    at(500);
    expect(pace.waitMs()).toBe(0);
  });

  it('waits for a pipeline that does not keep up', () => {
    const { pace } = paceOf(Number.POSITIVE_INFINITY);
    pace.fed(1_999);
    expect(pace.waitMs()).toBe(0);
    pace.fed(1);
    expect(pace.waitMs()).toBeGreaterThan(0);
    expect(pace.waitMs()).toBeLessThanOrEqual(100);
  });

  it('lets a fast pipeline have two seconds of work under way', () => {
    const { pace, at } = paceOf(Number.POSITIVE_INFINITY);
    pace.fed(2_000);
    at(100);
    pace.arrived(2_000);
    expect(pace.arrivalRate).toBe(20_000);
    pace.fed(39_999);
    expect(pace.waitMs()).toBe(0);
    pace.fed(1);
    expect(pace.waitMs()).toBeGreaterThan(0);
  });

  it('follows a pipeline that becomes slower', () => {
    const { pace, at } = paceOf(Number.POSITIVE_INFINITY);
    pace.fed(2_000);
    at(100);
    pace.arrived(2_000);
    for (let second = 1; second <= 20; second++) {
      at(100 + second * 1_000);
      pace.arrived(2_000 + second * 100);
    }
    expect(pace.arrivalRate).toBeLessThan(200);
  });
});

function paceOf(rate: number) {
  let now = 0;
  return { pace: new Pace({ rate, now: () => now }), at: (ms: number) => (now = ms) };
}
