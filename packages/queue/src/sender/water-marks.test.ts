import { describe, expect, it } from 'vitest';
import { isOverHighWater } from './water-marks.ts';

const marks = { highRecords: 100, lowRecords: 50, highBytes: 1_000, lowBytes: 500 };

describe('water marks', () => {
  it.each([
    ['below both', { records: 99, bytes: 999 }, false, false],
    ['at the high mark of records', { records: 100, bytes: 0 }, false, true],
    ['at the high mark of bytes', { records: 0, bytes: 1_000 }, false, true],
    ['falling, records above the low mark', { records: 51, bytes: 0 }, true, true],
    ['falling, bytes above the low mark', { records: 0, bytes: 501 }, true, true],
    ['fallen to both low marks', { records: 50, bytes: 500 }, true, false],
  ])('%s', (_, backlog, wasOver, isOver) => expect(isOverHighWater(backlog, marks, wasOver)).toBe(isOver));
});
