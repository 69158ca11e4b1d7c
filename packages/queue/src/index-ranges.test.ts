import { describe, expect, it } from 'vitest';
import { formatIndexRanges, parseIndexRanges } from './index-ranges.ts';

describe('index ranges', () => {
  it.each([
    [[], ''],
    [[0], '0'],
    [[0, 1, 2, 7], '0-2,7'],
    [[3, 5, 6, 9], '3,5-6,9'],
  ])('writes %j as %j and reads it back', (indexes, text) => {
    expect(formatIndexRanges(indexes)).toBe(text);
    expect(parseIndexRanges(text, 10)).toEqual(indexes);
  });

  it.each(['x', '1-', '2-1', '1,1', '3,2', '0-10', '-1', '1,,2', '0-2,2'])('refuses %j', (text) =>
    expect(() => parseIndexRanges(text, 10)).toThrow(TypeError),
  );
});
