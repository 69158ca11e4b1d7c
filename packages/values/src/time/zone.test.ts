import { describe, expect, it } from 'vitest';
import { fixedZone, ianaZone } from './zone.ts';

const at = (zone: string, time: string) => ianaZone(zone)?.at(Date.parse(time) / 1000);

describe('a time zone', () => {
  it.each([
    ['America/New_York', '2024-01-15T12:00:00Z', -18_000, 'EST'],
    ['America/New_York', '2024-07-15T12:00:00Z', -14_400, 'EDT'],
    ['Europe/Berlin', '2044-07-15T12:00:00Z', 7_200, 'CEST'],
    ['Europe/London', '1970-01-01T00:00:00Z', 3_600, 'BST'],
    ['Asia/Kolkata', '2024-01-15T12:00:00Z', 19_800, 'IST'],
    ['America/Sao_Paulo', '2024-01-15T12:00:00Z', -10_800, '-03'],
    ['Asia/Kathmandu', '2024-01-15T12:00:00Z', 20_700, '+0545'],
    ['America/New_York', '1850-01-15T12:00:00Z', -17_762, 'LMT'],
    ['US/Pacific', '1945-08-01T00:00:00Z', -25_200, 'PWT'],
  ])('%s has its offset and name at %s', (zone, time, offsetSeconds, abbreviation) => {
    expect(at(zone, time)).toEqual({ offsetSeconds, abbreviation });
  });

  it('changes to the second', () => {
    const changes = ['2024-03-31T00:59:59Z', '2024-03-31T01:00:00Z', '2024-10-27T00:59:59Z', '2024-10-27T01:00:00Z'];
    expect(changes.map((time) => at('Europe/Paris', time)?.abbreviation)).toEqual(['CET', 'CEST', 'CEST', 'CET']);
  });

  it('remembers more days than it keeps without mixing them up', () => {
    const zone = ianaZone('Europe/Rome')!;
    const days = Array.from({ length: 10_000 }, (_, day) => zone.at(day * 86_400).offsetSeconds);
    expect(days.map((_, day) => zone.at(day * 86_400).offsetSeconds)).toEqual(days);
  });

  it('is found by its exact name only', () => {
    expect(['europe/berlin', 'Mars/Olympus', '', 'posixrules'].map(ianaZone)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('knows what its abbreviations stand for', () => {
    const zone = ianaZone('Europe/Berlin')!;
    const summer = Date.parse('2024-07-15T12:00:00Z') / 1000;
    expect([zone.offsetOf?.('CEST', summer), zone.offsetOf?.('CET', summer), zone.offsetOf?.('EST', summer)]).toEqual([
      7_200,
      3_600,
      undefined,
    ]);
  });

  it('may be nothing but an offset', () => {
    expect(fixedZone(-1800).at(0)).toEqual({ offsetSeconds: -1800, abbreviation: '' });
  });
});
