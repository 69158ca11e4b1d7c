import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import type { SurveyedRow } from '../lease-store.ts';
import { SurveySchedule, untilNextExpiry } from './survey-schedule.ts';

const INTERVAL_MS = 1_000;

describe('SurveySchedule', () => {
  it('is due at the start, then at rest from nine and a half renewals after the survey before', () => {
    const { schedule, clock } = scheduleOf();
    expect(schedule.isDue).toBe(true);
    expect(schedule.begin(['a'])).toBe(true);
    clock.advance(9_499);
    expect([schedule.isDue, schedule.begin(['a'])]).toEqual([false, false]);
    clock.advance(1);
    expect([schedule.isDue, schedule.begin(['a'])]).toEqual([true, true]);
    clock.advance(9_499);
    expect(schedule.begin(['a'])).toBe(false);
  });

  it('is due once after each request, also where that comes while a survey runs', () => {
    const { schedule } = scheduleOf();
    schedule.begin(['a']);
    schedule.request();
    expect([schedule.isDue, schedule.begin(['a']), schedule.isDue]).toEqual([true, true, false]);
    schedule.request();
    expect(schedule.begin(['a'])).toBe(true);
    expect(schedule.begin(['a'])).toBe(false);
  });

  it.each([
    ['another', ['a', 'x']],
    ['fewer', ['a']],
    ['more', ['a', 'b', 'c']],
    ['none', []],
  ])('surveys at once where there are %s rows, and only once', (_, keys) => {
    const { schedule } = scheduleOf();
    schedule.begin(['a', 'b']);
    expect(schedule.begin(['a', 'b'])).toBe(false);
    expect(schedule.begin(keys)).toBe(true);
    expect(schedule.begin(keys)).toBe(false);
  });

  it('lets a survey that a notice asks for wait for a fifth of a millisecond a row, from the survey before', () => {
    const { schedule, clock } = scheduleOf();
    expect(schedule.pauseMs).toBe(0);
    clock.advance(50);
    schedule.begin(Array.from({ length: 1_000 }, (_, row) => `row-${row}`));
    expect(schedule.pauseMs).toBe(200);
    clock.advance(150);
    expect(schedule.pauseMs).toBe(50);
    clock.advance(150);
    expect(schedule.pauseMs).toBe(0);
  });
});

describe('untilNextExpiry', () => {
  const row = (worker: string, remainingMs: number) => ({ worker, remainingMs }) as SurveyedRow;

  it('is a millisecond after the first row of another worker that has not expired yet', () => {
    expect(untilNextExpiry([row('other', 3_000), row('third', 2_000), row('me', 10), row('other', 0), row('other', -5)], 'me')).toBe(2_001);
  });

  it('is never where no other worker has one', () => {
    expect(untilNextExpiry([row('me', 10), row('other', 0)], 'me')).toBe(Number.POSITIVE_INFINITY);
  });
});

function scheduleOf() {
  const clock = new ManualClock();
  return { clock, schedule: new SurveySchedule(clock, INTERVAL_MS) };
}
