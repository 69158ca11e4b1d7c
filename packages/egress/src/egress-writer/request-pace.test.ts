import { describe, expect, it } from 'vitest';
import { RequestPace } from './request-pace.ts';

describe('RequestPace', () => {
  it('makes requests smaller and more patient with each time-out, down to one record and up to its limit', () => {
    const pace = paceOf();
    const steps = Array.from({ length: 4 }, (_, second) => {
      pace.timedOut({ records: pace.maxRecords, startedMs: second * 1_000 }, second * 1_000 + 1);
      return [pace.maxRecords, pace.timeoutMs];
    });
    expect(steps).toEqual([
      [4, 20],
      [2, 40],
      [1, 40],
      [1, 40],
    ]);
  });

  it('counts requests that were open together once', () => {
    const pace = paceOf();
    for (let request = 0; request < 8; request++) pace.timedOut({ records: 8, startedMs: 0 }, 10 + request);
    expect([pace.maxRecords, pace.timeoutMs]).toEqual([4, 20]);
  });

  it('makes requests smaller than the one that timed out, also where that was not full', () => {
    const pace = paceOf();
    pace.timedOut({ records: 3, startedMs: 0 }, 10);
    expect(pace.maxRecords).toBe(2);
  });

  it('keeps a time-out that the configuration sets', () => {
    const pace = new RequestPace({ maxRecords: 8, requestTimeoutMs: 10, maxRequestTimeoutMs: 10 });
    pace.timedOut({ records: 8, startedMs: 0 }, 10);
    expect([pace.maxRecords, pace.timeoutMs]).toEqual([4, 10]);
  });

  it('goes back to full speed step by step while requests are answered quickly, later after each further time-out', () => {
    const pace = paceOf();
    pace.timedOut({ records: 8, startedMs: 0 }, 1);
    expect(answersUntilFull(pace, 2)).toBe(40);
    pace.timedOut({ records: 8, startedMs: 2_000 }, 2_001);
    pace.timedOut({ records: 4, startedMs: 2_002 }, 2_003);
    expect(answersUntilFull(pace, 2)).toBe(160);
  });

  it('keeps its patience while answers take long, and makes requests larger all the same', () => {
    const pace = paceOf();
    pace.timedOut({ records: 8, startedMs: 0 }, 1);
    for (let answer = 0; answer < 200; answer++) pace.answered(15, 2 + answer);
    expect([pace.maxRecords, pace.timeoutMs]).toEqual([8, 20]);
  });
});

const paceOf = () => new RequestPace({ maxRecords: 8, requestTimeoutMs: 10, maxRequestTimeoutMs: 40 });

function answersUntilFull(pace: RequestPace, tookMs: number): number {
  let answers = 0;
  while ((pace.maxRecords < 8 || pace.timeoutMs > 10) && answers < 1_000) {
    pace.answered(tookMs, 1_000);
    answers++;
  }
  return answers;
}
