import { clockSeconds, daysInMonth } from './civil.ts';
import { atSecond } from './instant.ts';
import { compileParse } from './parse-layout.ts';
import type { Timestamp } from './timestamp.ts';
import { UTC, zoneOfOffset } from './zone.ts';

/** Nearly every text looks like this; the others are read, or refused, with the care that Go's layouts need. */
const USUAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

const parseAny = compileParse('2006-01-02T15:04:05.999999999Z07:00');

/** A timestamp from its RFC 3339 text. Throws BloblangError with the words of Go's `time.Parse`. */
export function parseRfc3339(text: string): Timestamp {
  return parseUsual(text) ?? parseAny(text);
}

function parseUsual(text: string): Timestamp | undefined {
  const parts = USUAL.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const isInRange = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
  const offsetHours = Number(parts[9] ?? 0);
  const offsetMinutes = Number(parts[10] ?? 0);
  if (!isInRange || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const clock = clockSeconds({ year, month, day, hour, minute, second });
  const nanosecond = parts[7] === undefined ? 0 : Number(parts[7].padEnd(9, '0').slice(0, 9));
  if (parts[8] === undefined) return atSecond(clock, nanosecond, UTC);
  const magnitude = offsetHours * 3600 + offsetMinutes * 60;
  const offsetSeconds = parts[8] === '-' ? -magnitude : magnitude;
  const epochSeconds = clock - offsetSeconds;
  return atSecond(epochSeconds, nanosecond, zoneOfOffset(offsetSeconds, epochSeconds));
}
