import { describe, expect, it } from 'vitest';
import { compileFormat } from './format-layout.ts';
import { compileParse } from './parse-layout.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { Timestamp } from './timestamp.ts';
import { ianaZone } from './zone.ts';

const format = (layout: string, time: string, zone?: string): string => {
  const timestamp = parseRfc3339(time);
  return compileFormat(layout)(zone === undefined ? timestamp : new Timestamp(timestamp.nanoseconds, ianaZone(zone)!));
};

const parse = (layout: string, text: string): string => compileParse(layout)(text).toString();

describe('a Go layout', () => {
  const TIME = '2009-02-05T05:00:57.012345600Z';

  it.each([
    ['Mon Jan _2 15:04:05 2006', 'Thu Feb  5 05:00:57 2009'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Thursday, 05-Feb-09 05:00:57 UTC'],
    ['January 2, 2006 at 3:04pm', 'February 5, 2009 at 5:00am'],
    ['1/2/06 03:4:5 PM', '2/5/09 05:0:57 AM'],
    ['002 __2 _2006', '036  36 _2009'],
    ['.000 .999 ,000000 .9999999999 .00', '.012 .012 ,012345 .0123456 .01'],
    ['-07 -0700 -07:00 -070000 -07:00:00 Z07 Z0700', '+00 +0000 +00:00 +000000 +00:00:00 Z Z'],
    ['Month Janet Monk 2006-', 'Month Janet Monk 2009-'],
    ['plain', 'plain'],
  ])('%j is written', (layout, expected) => {
    expect(format(layout, TIME)).toBe(expected);
  });

  it.each([
    ['Asia/Kolkata', '10:30:57 IST +05:30 +053000'],
    ['America/St_Johns', '01:30:57 NST -03:30 -033000'],
    ['America/Sao_Paulo', '03:00:57 -02 -02:00 -020000'],
  ])('shows %s', (zone, expected) => {
    expect(format('15:04:05 MST Z07:00 -070000', TIME, zone)).toBe(expected);
  });

  it.each([
    ['2006-01-02', '2020-02-29', '2020-02-29T00:00:00Z'],
    ['Mon Jan _2 15:04:05 2006', 'thu feb  4 05:00:57.0123456 2010', '2010-02-04T05:00:57.0123456Z'],
    ['3:04PM', '12:30AM', '0000-01-01T00:30:00Z'],
    ['3:04PM', '12:30PM', '0000-01-01T12:30:00Z'],
    ['06', '68', '2068-01-01T00:00:00Z'],
    ['06', '69', '1969-01-01T00:00:00Z'],
    ['2006 002', '2020 060', '2020-02-29T00:00:00Z'],
    ['2006 __2', '2019  60', '2019-03-01T00:00:00Z'],
    ['15:04:05', '23:59:59,123456789123', '0000-01-01T23:59:59.123456789Z'],
    ['15:04:05.000', '23:59:59.120', '0000-01-01T23:59:59.12Z'],
    ['2006-01-02 -0700', '2020-01-01 -0730', '2020-01-01T00:00:00-07:30'],
    ['2006-01-02 Z07:00', '2020-01-01 Z', '2020-01-01T00:00:00Z'],
    ['2006-01-02 Z07:00', '2020-01-01 +23:59', '2020-01-01T00:00:00+23:59'],
    ['2006-01-02 MST', '2020-01-01 QQT', '2020-01-01T00:00:00Z'],
    // The offset shows, but moves the time: a quirk of Go.
    ['2006-01-02 MST', '2020-01-01 GMT-11', '2019-12-31T13:00:00-11:00'],
    ['2006-01-02 -07 MST', '2020-01-01 +11 QQT', '2020-01-01T00:00:00+11:00'],
    ['2006  01', '2020 05', '2020-05-01T00:00:00Z'],
  ])('%j reads %j', (layout, text, expected) => {
    expect(parse(layout, text)).toBe(expected);
  });

  it.each([
    ['2006-01-02', '2020-13-01', 'parsing time "2020-13-01": month out of range'],
    ['2006-01-02', '2021-02-29', 'parsing time "2021-02-29": day out of range'],
    ['2006-01-02', '2020-1-02', 'parsing time "2020-1-02" as "2006-01-02": cannot parse "1-02" as "01"'],
    ['2006-01-02', '2020-01-02x', 'parsing time "2020-01-02x": extra text: "x"'],
    ['2006-01-02', '2020/01/02', 'parsing time "2020/01/02" as "2006-01-02": cannot parse "/01/02" as "-"'],
    ['15:04', '24:00', 'parsing time "24:00": hour out of range'],
    ['3PM', '3xm', 'parsing time "3xm" as "3PM": cannot parse "xm" as "PM"'],
    ['2006 002 01', '2020 060 03', 'parsing time "2020 060 03": day-of-year does not match month'],
    ['2006 002', '2021 366', 'parsing time "2021 366": day-of-year out of range'],
    ['-0700', '+2500', 'parsing time "+2500": time zone offset hour out of range'],
    ['MST', 'ABCDEF', 'parsing time "ABCDEF" as "MST": cannot parse "ABCDEF" as "MST"'],
    ['2006', 'é', 'parsing time "\\xc3\\xa9" as "2006": cannot parse "\\xc3\\xa9" as "2006"'],
  ])('%j refuses %j', (layout, text, message) => {
    expect(() => parse(layout, text)).toThrow(message);
  });
});

describe('an RFC 3339 text', () => {
  it.each(['2024-02-29T23:30:00Z', '2024-02-29T23:30:00.000000001Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.9-12:30'])(
    '%s reads back the same',
    (text) => {
      expect(parseRfc3339(text).toString()).toBe(text);
    },
  );

  it('may have an hour of one digit, a comma, and more digits than count', () => {
    expect(parseRfc3339('2024-02-29T3:30:00,1234567899Z').toString()).toBe('2024-02-29T03:30:00.123456789Z');
  });

  it('must be whole', () => {
    expect(() => parseRfc3339('2024-02-30T00:00:00Z')).toThrow('parsing time "2024-02-30T00:00:00Z": day out of range');
    expect(() => parseRfc3339('yesterday')).toThrow(
      'parsing time "yesterday" as "2006-01-02T15:04:05.999999999Z07:00": cannot parse "yesterday" as "2006"',
    );
  });
});
