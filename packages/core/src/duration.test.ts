import { describe, expect, it } from 'vitest';
import { parseGoDuration } from './duration.ts';

describe('parseGoDuration', () => {
  it.each([
    ['1s', 1_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['.5s', 500],
    ['-200ms', -200],
    ['+5m', 300_000],
    ['250us', 0.25],
    ['3µs', 0.003],
    ['0', 0],
    ['1h1h', 7_200_000],
  ])('reads %s', (text, ms) => expect(parseGoDuration(text)).toBeCloseTo(ms, 9));

  it.each(['', '1', 's', '1 s', '1d', '1.s.', 'one second', '1s ', '--1s'])('refuses %j as Go does', (text) =>
    expect(parseGoDuration(text)).toBeUndefined(),
  );
});
