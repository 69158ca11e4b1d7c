import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../parse.ts';

function run(mapping: string, input: unknown): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'failed') return `failed: ${outcome.error.message}`;
  return outcome.kind === 'mapped' ? Buffer.from(outcome.message.content).toString() : 'dropped';
}

describe('the methods on timestamps', () => {
  it('take unix seconds, whole and broken, for timestamps', () => {
    expect(run('root = [this.a, this.b, this.c].map_each(v -> v.ts_unix_nano())', { a: 1, b: 1.5, c: -0.25 })).toBe(
      '[1000000000,1500000000,-250000000]',
    );
  });

  it('round down to the unit, before 1970 too', () => {
    expect(run('root = [this.ts_unix(), this.ts_unix_milli(), this.ts_unix_micro()]', '1969-12-31T23:59:59.9999999Z')).toBe('[-1,-1,-1]');
  });

  it('wrap what does not fit into 64 bits, as Go does', () => {
    expect(run('root = this.ts_unix_nano()', '9999-12-31T00:00:00Z')).toBe('-4852202631933722624');
  });

  it('differ by at most what fits', () => {
    expect(run('root = this.ts_sub("0001-01-01T00:00:00Z")', '9999-12-31T00:00:00Z')).toBe('9223372036854775807');
  });

  it('round to multiples counted from the year 1, half up', () => {
    expect(run('root = this.ts_round("168h".parse_duration())', '2024-02-29T23:30:00Z')).toBe('"2024-03-04T00:00:00Z"');
    expect(run('root = this.ts_round(2)', '1970-01-01T00:00:00.000000001Z')).toBe('"1970-01-01T00:00:00.000000002Z"');
    expect(run('root = this.ts_round(-1)', '2024-02-29T23:30:00.5Z')).toBe('"2024-02-29T23:30:00.5Z"');
  });

  it('keep the zone of a text, and give a timestamp', () => {
    expect(run('root = this.ts_format()', '2024-02-29T23:30:00.5+05:45')).toBe('2024-02-29T23:30:00.5+05:45');
    expect(run('root = this.ts_tz("Asia/Tokyo").type()', '2024-02-29T23:30:00Z')).toBe('timestamp');
    expect(run('root = this.parse_timestamp("2006").type()', '2024')).toBe('string');
  });

  it('refuse a zone that there is none of when the mapping is parsed', () => {
    expect(() => parseMapping('root = this.ts_tz("Mars/Olympus")')).toThrow(
      'failed to parse timezone location name: unknown time zone Mars/Olympus',
    );
    expect(() => parseMapping('root = this.ts_format("15", "../etc")')).toThrow('time: invalid location name');
  });

  it('tell of a value that is no time', () => {
    expect(run('root = this.ts_unix()', true)).toBe('failed: failed assignment (line 1): expected number or string value, got bool (true)');
    expect(run('root = this.ts_unix()', 'soon')).toMatch(/^failed: failed assignment \(line 1\): parsing time "soon" as /);
  });

  it('cannot write a year of five digits as JSON, so that the body is empty, as in Go', () => {
    expect(run('root.at = this.ts_add_iso8601("P8000Y")', '2024-01-01T00:00:00Z')).toBe('');
  });
});
