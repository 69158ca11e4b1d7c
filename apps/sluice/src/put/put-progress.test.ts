import { expect, it } from 'vitest';
import { progressLine } from './put-progress.ts';

it('says how far a put is, how fast, and how long it takes', () => {
  expect(progressLine({ stored: 1_500, done: 0.25, elapsedMs: 1_000 })).toBe(
    '██████░░░░░░░░░░░░░░░░░░  1,500 records  1,500/s  about 3.0 s left',
  );
  expect(progressLine({ stored: 10, done: 1, elapsedMs: 1_000 })).toBe('████████████████████████  10 records  10/s');
  expect(progressLine({ stored: 10, elapsedMs: 2_000 })).toBe('10 records  5/s');
});
