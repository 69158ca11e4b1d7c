import { BloblangError } from '../errors.ts';
import { clockSeconds, daysInMonth, daysSinceEpoch, isLeapYear } from './civil.ts';
import { atSecond, fromCivil } from './instant.ts';
import { isFraction, splitLayout } from './layout.ts';
import { quoteForTime } from './quote-for-time.ts';
import { readerOf } from './read-element.ts';
import { TimeReader } from './time-reader.ts';
import type { Timestamp } from './timestamp.ts';
import { fixedZone, LOCAL, UTC, zoneOfOffset } from './zone.ts';

/**
 * Reads timestamps in a Go layout. A text without a zone is UTC. Throws BloblangError with the words of Go's `time.Parse`.
 */
export function compileParse(layout: string): (text: string) => Timestamp {
  const { parts, tail } = splitLayout(layout);
  const steps = parts.map(({ literal, element }, place) => {
    const next = parts[place + 1];
    return { literal, element, read: readerOf(element, next !== undefined && isFraction(next.element)) };
  });
  return (text) => {
    const reader = new TimeReader(text);
    for (const { literal, element, read } of steps) {
      if (reader.skip(literal) !== undefined) throw mismatch(layout, reader, reader.rest(), literal);
      const rest = reader.rest();
      const outcome = read(reader);
      if (outcome === 'bad') throw mismatch(layout, reader, rest, element);
      if (outcome !== 'ok') throw failure(text, `${outcome} out of range`);
    }
    if (reader.skip(tail) !== undefined) throw mismatch(layout, reader, reader.rest(), tail);
    if (reader.position < text.length) throw failure(text, `extra text: ${quoteForTime(reader.rest())}`);
    return toTimestamp(reader);
  };
}

const failure = (text: string, problem: string): BloblangError => new BloblangError(`parsing time ${quoteForTime(text)}: ${problem}`);

function mismatch(layout: string, { text }: TimeReader, rest: string, element: string): BloblangError {
  const parts = [text, layout, rest, element].map(quoteForTime);
  return new BloblangError(`parsing time ${parts[0]} as ${parts[1]}: cannot parse ${parts[2]} as ${parts[3]}`);
}

function toTimestamp(reader: TimeReader): Timestamp {
  const { year, minute, second, nanosecond, half, isUtc, offsetSeconds, abbreviation } = reader;
  const { month, day } = dateOf(reader);
  const hour = half === 'pm' && reader.hour < 12 ? reader.hour + 12 : half === 'am' && reader.hour === 12 ? 0 : reader.hour;
  const civil = { year, month, day, hour, minute, second, nanosecond };
  if (isUtc) return fromCivil(civil, UTC);
  const clock = clockSeconds(civil);
  // Go marks "no offset read" with -1 second.
  if (offsetSeconds !== undefined && offsetSeconds !== -1) {
    const epochSeconds = clock - offsetSeconds;
    return atSecond(epochSeconds, nanosecond, zoneOfOffset(offsetSeconds, epochSeconds, abbreviation));
  }
  if (abbreviation === '') return fromCivil(civil, UTC);
  const known = LOCAL.offsetOf?.(abbreviation, clock);
  if (known !== undefined) return atSecond(clock - known, nanosecond, LOCAL);
  // The zone is not known here: only its name is kept, but for GMT+3, which says its offset.
  const offset = abbreviation.startsWith('GMT') ? Number(abbreviation.slice(3)) * 3600 : 0;
  return atSecond(clock, nanosecond, fixedZone(offset, abbreviation));
}

/** The month and day, by the day of the year if that was read; all that was read must agree. */
function dateOf(reader: TimeReader): { month: number; day: number } {
  const { text, year, yearDay } = reader;
  let month = reader.month < 0 ? 1 : reader.month;
  let day = reader.day < 0 ? 1 : reader.day;
  if (yearDay >= 0) {
    if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw failure(text, 'day-of-year out of range');
    ({ month, day } = ofYearDay(year, yearDay));
    if (reader.month >= 0 && reader.month !== month) throw failure(text, 'day-of-year does not match month');
    if (reader.day >= 0 && reader.day !== day) throw failure(text, 'day-of-year does not match day');
  }
  if (day < 1 || day > daysInMonth(year, month)) throw failure(text, 'day out of range');
  return { month, day };
}

function ofYearDay(year: number, yearDay: number): { month: number; day: number } {
  const before = (month: number): number => daysSinceEpoch(year, month, 1) - daysSinceEpoch(year, 1, 1);
  let month = 12;
  while (before(month) >= yearDay) month--;
  return { month, day: yearDay - before(month) };
}
