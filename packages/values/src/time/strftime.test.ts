import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from './rfc3339.ts';
import { compileStrftime } from './strftime.ts';
import { compileStrptime } from './strptime.ts';
import { Timestamp } from './timestamp.ts';
import { ianaZone } from './zone.ts';

const write = (format: string, time = '2020-09-08T07:05:04.003002Z'): string => compileStrftime(format)(parseRfc3339(time));

describe('strftime', () => {
  it.each([
    ['%Y-%m-%d %H:%M:%S.%f', '2020-09-08 07:05:04.003002'],
    ['%C %y %G %g %V %U %W %j', '20 20 2020 20 37 36 36 252'],
    ['%A %a %B %b %h %u %w', 'Tuesday Tue September Sep Sep 2 2'],
    ['%e|%k|%l|%I|%p|%P', ' 8| 7| 7|07|AM|am'],
    ['%c|%+', 'Tue Sep  8 07:05:04 2020|Tue Sep  8 07:05:04 UTC 2020'],
    ['%F %D %x %v %T %X %r %R', '2020-09-08 09/08/20 09/08/20  8-Sep-2020 07:05:04 07:05:04 07:05:04 AM 07:05'],
    ['%s%n%t%%', '1599548704\n\t%'],
    ['%-d %_d %05d %^a %#a %#p %^B %10A %-10A', '8  8 00008 TUE TUE am SEPTEMBER    Tuesday    Tuesday'],
    ['%z %:z %::z %:::z %Z %_z %-z %08z', '+0000 +00:00 +00:00:00 +00 UTC  +000 +000 +0000000'],
    ['%Q %5Q %:a %', '%Q   %5Q %:a %'],
    ['%-', '%-'],
  ])('%j', (format, expected) => {
    expect(write(format)).toBe(expected);
  });

  it('puts days around new year in the week that their Thursday is in', () => {
    const days = ['2018-12-31', '2020-12-31', '2021-01-03', '2021-01-04'];
    expect(days.map((day) => write('%G-W%V', `${day}T00:00:00Z`))).toEqual(['2019-W01', '2020-W53', '2020-W53', '2021-W01']);
  });

  it('shows the offset of a zone', () => {
    const timestamp = new Timestamp(parseRfc3339('2020-09-08T07:05:04Z').nanoseconds, ianaZone('America/St_Johns')!);
    expect(compileStrftime('%z %:z %::z %Z %_8z %12z')(timestamp)).toBe('-0230 -02:30 -02:30:00 NDT     -230 -00000000230');
  });
});

describe('strptime', () => {
  const read = (format: string, text: string): string => compileStrptime(format)(text).toString();

  it.each([
    ['%Y-%b-%d %H:%M:%S.%f', '2020-Aug-14 11:50:26.371', '2020-08-14T11:50:26.371Z'],
    ['%c', 'Tue Sep  8 07:05:04 2020', '2020-09-08T07:05:04Z'],
    ['%y%m%d', '690101', '1969-01-01T00:00:00Z'],
    ['%C%y', '1920', '1920-01-01T00:00:00Z'],
    ['%I:%M %p', '12:30 am', '1900-01-01T00:30:00Z'],
    ['%I:%M %P', '12:30 PM', '1900-01-01T12:30:00Z'],
    ['%s', '1599548704', '2020-09-08T07:05:04Z'],
    ['%Y %j', '2020 366', '2020-12-31T00:00:00Z'],
    ['%Y %U %a', '2020 36 Tue', '2020-09-08T00:00:00Z'],
    ['%Y %W %w', '2020 36 0', '2020-09-13T00:00:00Z'],
    ['%G-W%V-%u', '2020-W53-7', '2021-01-03T00:00:00Z'],
    ['%F %T %z', '2020-01-01 00:00:00 -0930', '2020-01-01T00:00:00-09:30'],
    ['%F %:z', '2020-01-01 +13:45', '2020-01-01T00:00:00+13:45'],
    ['%F %::z', '2020-01-01 +13:45:30', '2020-01-01T00:00:00+13:45'],
    ['%F%n%Z', '2020-01-01 \t QQT', '2020-01-01T00:00:00Z'],
    ['%A %e %B %Y', 'tuesday  8 SEPTEMBER 2020', '2020-09-08T00:00:00Z'],
    ['%H%%', '07%', '1900-01-01T07:00:00Z'],
  ])('%j reads %j', (format, text, expected) => {
    expect(read(format, text)).toBe(expected);
  });

  it.each([
    ['%Y', '20x', 'unparsed string "x"'],
    ['%Y', 'x', 'cannot parse "%Y"'],
    ['%m', '13', 'cannot parse "%m"'],
    ['%b', 'Foo', 'cannot parse "%b"'],
    ['%Y-%m', '2020/01', "expected '-'"],
    ['%Q', 'x', 'unexpected format "%Q"'],
    ['%', 'x', 'stray "%"'],
    ['%::m', 'x', `expected 'z' after "%::"`],
    ['%:z', '+0100', `expected ':' for "%:z"`],
    ['%z', '0100', 'cannot parse "%z"'],
    ['%Z', 'x', 'cannot parse "" with "%Z"'],
    ['%t', 'x', 'expected a space for "%t"'],
    ['%V', '10', 'use "%G" to parse ISO year for "%V"'],
    ['%G %U', '2020 10', 'use "%Y" to parse non-ISO year for "%U" or "%W"'],
    ['%G %j', '2020 10', 'use "%Y" to parse non-ISO year for "%j"'],
  ])('%j refuses %j', (format, text, reason) => {
    expect(() => read(format, text)).toThrow(`failed to parse ${JSON.stringify(text)} with ${JSON.stringify(format)}: ${reason}`);
  });
});
