import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { addPeriod, approximateNanoseconds, negatePeriod, parsePeriod } from './period.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { Timestamp } from './timestamp.ts';
import { ianaZone } from './zone.ts';

describe('an ISO 8601 period', () => {
  it.each([
    ['P3Y6M4DT12H30M5S', 110_839_937_000_000_000n],
    ['PT0.000000001S', 1n],
    ['P0D', 0n],
    ['-P1W', -604_800_000_000_000n],
    ['PT-1H30M', -1_800_000_000_000n],
    ['P1,5D', 129_600_000_000_000n],
    ['P1M', 2_629_746_000_000_000n],
  ])('%s is about %d nanoseconds', (text, expected) => {
    expect(approximateNanoseconds(parsePeriod(text))).toBe(expected);
  });

  it.each([
    ['', 'cannot parse a blank string as a period'],
    ['1Y', "1Y: expected 'P' period mark at the start"],
    ['P', "P: expected 'Y', 'M', 'W', 'D', 'H', 'M', or 'S' designator"],
    ['P1', 'P1: missing designator at the end'],
    ['P1H', "P1H: 'H' designator cannot occur here"],
    ['P1Y1Y', "P1Y1Y: 'Y' designator cannot occur more than once"],
    ['PT1HT1M', "PT1HT1M: 'T' designator cannot occur more than once"],
    ['P1.5Y1M', "P1.5Y1M: 'Y' & 'M' only the last field can have a fraction"],
    ['Px', "Px: expected a number but found 'x'"],
    ['P1Q', "P1Q: expected a designator Y, M, W, D, H, or S not 'Q'"],
    ['P1.2.3D', 'P1.2.3D: number invalid or out of range'],
    ['P99999999999999999999D', 'P99999999999999999999D: number invalid or out of range'],
  ])('%j is refused', (text, message) => {
    expect(() => parsePeriod(text)).toThrow(message);
  });

  const added = (time: string, period: string, zone?: string): string => {
    const timestamp = parseRfc3339(time);
    return addPeriod(
      zone === undefined ? timestamp : new Timestamp(timestamp.nanoseconds, ianaZone(zone)!),
      parsePeriod(period),
    ).toString();
  };

  it.each([
    ['2020-02-29T12:00:00Z', 'P1Y', '2021-03-01T12:00:00Z'],
    ['2020-01-31T12:00:00Z', 'P1M', '2020-03-02T12:00:00Z'],
    ['2020-01-01T00:00:00Z', '-P1DT1S', '2019-12-30T23:59:59Z'],
    ['2020-01-01T00:00:00.5Z', 'P2WT0.5S', '2020-01-15T00:00:01Z'],
    ['2020-01-01T00:00:00Z', 'P0.5Y', '2020-07-01T14:54:36Z'],
  ])('%s and %s make %s', (time, period, expected) => {
    expect(added(time, period)).toBe(expected);
  });

  it('counts days by the clock of a zone and hours by time passed', () => {
    expect(added('2024-03-30T11:00:00Z', 'P1D', 'Europe/Berlin')).toBe('2024-03-31T12:00:00+02:00');
    expect(added('2024-03-30T11:00:00Z', 'PT24H', 'Europe/Berlin')).toBe('2024-03-31T13:00:00+02:00');
    expect(added('2024-03-30T01:30:00Z', 'P1D', 'Europe/Berlin')).toBe('2024-03-31T03:30:00+02:00');
  });

  it('goes back as far as it goes on', () => {
    const period = parsePeriod('P1Y2M3DT4H5M6S');
    const start = parseRfc3339('2020-01-01T00:00:00Z');
    expect(addPeriod(addPeriod(start, period), negatePeriod(period)).toString()).toBe('2020-01-01T00:00:00Z');
  });
});

describe('a duration', () => {
  it.each([
    ['0', 0n],
    ['50us', 50_000n],
    ['1h15m30.918s', 4_530_918_000_000n],
    ['-1.5h', -5_400_000_000_000n],
    ['+.5ms', 500_000n],
    ['1\u00b5s1\u03bcs', 2_000n],
    ['9223372036854775807ns', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
    ['0.100000000000000000000h', 360_000_000_000n],
    ['0.830103483285477580700h', 2_988_372_539_827n],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['3', 'time: missing unit in duration "3"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['.s', 'time: invalid duration ".s"'],
    ['h', 'time: invalid duration "h"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message);
  });
});
