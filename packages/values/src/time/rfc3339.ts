import { clockSeconds, daysInMonth } from './civil.ts';
import { atSecond } from './instant.ts';
import { compileParse } from './parse-layout.ts';
import type { Timestamp } from './timestamp.ts';
import { UTC, zoneOfOffset } from './zone.ts';

/** Nearly every text begins like this, and mostly ends with `Z`; others are read, or refused, with the care that Go's layouts need. */
const SECONDS_END = 'YYYY-MM-DDThh:mm:ss'.length;
const REST = /(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/y;

const parseAny = compileParse('2006-01-02T15:04:05.999999999Z07:00');

/** A timestamp from its RFC 3339 text. Throws BloblangError with the words of Go's `time.Parse`. */
export function parseRfc3339(text: string): Timestamp {
  return parseUsual(text) ?? parseAny(text);
}

function parseUsual(text: string): Timestamp | undefined {
  const isUsual = text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  if (!isUsual) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const isInRange =
    year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!isInRange) return undefined;
  const clock = clockSeconds({ year, month, day, hour, minute, second });
  if (text.length === SECONDS_END + 1 && text.endsWith('Z')) return atSecond(clock, 0, UTC);
  REST.lastIndex = SECONDS_END;
  const rest = REST.exec(text);
  if (rest === null) return undefined;
  const [, fraction = '', sign, hours = '', minutes = ''] = rest;
  const nanosecond = Number(fraction.padEnd(9, '0').slice(0, 9));
  if (sign === undefined) return atSecond(clock, nanosecond, UTC);
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const magnitude = Number(hours) * 3600 + Number(minutes) * 60;
  const offsetSeconds = sign === '-' ? -magnitude : magnitude;
  const epochSeconds = clock - offsetSeconds;
  return atSecond(epochSeconds, nanosecond, zoneOfOffset(offsetSeconds, epochSeconds));
}

/** NaN, which is in no range, for anything but digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const ZERO = 0x30;
