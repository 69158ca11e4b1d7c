import { ianaZone, UTC } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { type Rfc3164Options, readRfc3164 } from './rfc3164.ts';
import { readRfc5424 } from './rfc5424.ts';

const RULES: Rfc3164Options = { allowsRfc3339: true, year: 2019, zone: UTC, bestEffort: true };
const bsd = (line: string, rules: Partial<Rfc3164Options> = {}) => readRfc3164(Buffer.from(line), { ...RULES, ...rules });
const ietf = (line: string) => readRfc5424(Buffer.from(line));

describe('syslog lines of RFC 3164', () => {
  it('have a priority, a time, a host, and maybe a tag with its process', () => {
    expect(bsd('<28>Dec  2 16:49:23 host app[23410]: Test')).toEqual({
      ...{ priority: 28, facility: 3, severity: 4, timestamp: '2019-12-02T16:49:23Z', hostname: 'host' },
      ...{ appname: 'app', procid: '23410', message: 'Test' },
    });
  });

  it('show their UTC times in a zone, and those of RFC 3339 as they are', () => {
    const zone = ianaZone('America/New_York')!;
    expect(bsd('<28>Jan 12 00:30:00 h m', { zone })).toMatchObject({ timestamp: '2019-01-11T19:30:00-05:00' });
    expect(bsd('<28>2019-12-02T16:49:23+02:00 h m', { zone })).toMatchObject({ timestamp: '2019-12-02T16:49:23+02:00' });
    expect(bsd('<28>Feb 29 00:30:00 h m')).toMatchObject({ timestamp: '2019-03-01T00:30:00Z' });
  });

  // All of these are what influxdata/go-syslog makes of them.
  it.each([
    ['foo:bar baz', { appname: 'foo', message: 'foo:bar baz' }],
    ['foo[bar baz', { appname: 'foo', message: 'bar baz' }],
    ['app[1] text: z', { appname: 'app', procid: '1', message: '1] text: z' }],
    ['app[1]: text [x] y', { appname: 'app', procid: 'text [x', message: 'text [x] y' }],
    ['app[2\n3]: two lines', { appname: 'app', procid: '2\n3', message: 'two lines' }],
    ['t[]: x', { appname: 't', message: 'x' }],
    ['app: x\n', { appname: 'app' }],
    [`${'a'.repeat(33)}: x`, { message: `${'a'.repeat(33)}: x` }],
  ])('%j', (text, expected) => {
    const { priority: _, facility: _f, severity: _s, timestamp: _t, hostname: _h, ...rest } = bsd(`<13>Jan 12 06:30:00 h ${text}`);
    expect(rest).toEqual(expected);
  });

  it.each([
    ['nope', 'expecting a priority value within angle brackets [col 0]'],
    ['<192>', 'expecting a priority value in the range 1-191 or equal to 0 [col 3]'],
    ['<28>Dec 2 bad', 'expecting a Stamp timestamp [col 9]'],
    ['<28>2019-13-01T00:00:00Z h m', 'expecting a Stamp or a RFC3339 timestamp [col 10]'],
    ['<28>Feb 30 01:02:03 h m', 'parsing time "Feb 30 01:02:03": day out of range [col 19]'],
    ['<28>Dec  2 16:49:23 ', 'expecting an hostname (from 1 to max 255 US-ASCII characters) [col 20]'],
    ['<28>Dec  2 16:49:23 h ', 'expecting an alphanumeric tag (max 32 characters) [col 22]'],
  ])('%j is none', (line, reason) => {
    expect(() => bsd(line)).toThrow(reason);
  });

  it('count as far as they were read only with best effort', () => {
    expect(bsd('<28>Dec  2 16:49:23-x')).toEqual({ priority: 28, facility: 3, severity: 4 });
    expect(() => bsd('<28>Dec  2 16:49:23-x', { bestEffort: false })).toThrow('parsing error [col 19]');
  });
});

describe('syslog lines of RFC 5424', () => {
  it('have a version and structured data, and leave out what is nil', () => {
    expect(ietf('<165>1 2003-10-11T22:14:15.120+00:00 h - - ID47 [ex@1 iut="3" q="a\\"b"][x] Ein Ötö')).toEqual({
      ...{ priority: 165, facility: 20, severity: 5, version: 1, timestamp: '2003-10-11T22:14:15.12Z', hostname: 'h', msgid: 'ID47' },
      ...{ structureddata: { 'ex@1': { iut: '3', q: 'a"b' }, x: {} }, message: 'Ein Ötö' },
    });
    expect(ietf('<1>12 - - - - - -')).toEqual({ priority: 1, facility: 0, severity: 1, version: 12 });
  });

  it.each([
    ['<1>0 - - - - - -', 'expecting a version value in the range 1-999 [col 3]'],
    ['<1>1x', 'parsing error [col 4]'],
    ['<1>12x', 'expecting a version value in the range 1-999 [col 5]'],
    ['<1>1 2003-10-11 - - - - -', 'expecting a RFC3339MICRO timestamp or a nil value [col 15]'],
    ['<1>1 - - - - - [a][a]', 'duplicate structured data element id [col 20]'],
    ['<1>1 - - - - - [a b]', 'expecting a structured data parameter'],
    ['<1>1 - - - - - [a b="]"]', 'to be escaped within param value [col 21]'],
    ['<1>1 - - - - - [a]x', 'expecting a structured data section containing one or more elements'],
    ['<1>1 - - - - - -x', 'parsing error [col 16]'],
  ])('%j is none', (line, reason) => {
    expect(() => ietf(line)).toThrow(reason);
  });
});
