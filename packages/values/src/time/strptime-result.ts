import { BloblangError } from '../errors.ts';
import { daysSinceEpoch } from './civil.ts';
import { fromCivil } from './instant.ts';
import type { StrptimeReader } from './strptime-reader.ts';
import type { Timestamp } from './timestamp.ts';

/** The time that all that was read amounts to: by month and day, else by the day of the year, else by the week. */
export function toTimestamp(reader: StrptimeReader): Timestamp {
  const { minute, second, nanosecond, century, yearDay, week, hasIsoYear, zone } = reader;
  const hour = reader.isPm ? reader.hour + 12 : reader.hour;
  const year = century === undefined ? reader.year : century * 100 + (reader.year % 100);
  const clock = { year, hour, minute, second, nanosecond };
  if (reader.day > 0 || (yearDay === 0 && week === undefined)) {
    return fromCivil({ ...clock, month: reader.month, day: reader.day || 1 }, zone);
  }
  if (yearDay > 0) {
    if (hasIsoYear) throw new BloblangError('use "%Y" to parse non-ISO year for "%j"');
    return fromCivil({ ...clock, month: 1, day: yearDay }, zone);
  }
  return fromCivil({ ...clock, month: 1, day: dayOfWeek(reader, year) }, zone);
}

const FIRST_DAYS = { Sunday: 0, Monday: 1, ISO: 4 } as const;

/** The day, counted from the first of the year, of a day in a week. */
function dayOfWeek({ week, weekday, hasIsoYear }: StrptimeReader, year: number): number {
  const { number, firstDay } = week!;
  if (firstDay === 'ISO' && !hasIsoYear) throw new BloblangError('use "%G" to parse ISO year for "%V"');
  if (firstDay !== 'ISO' && hasIsoYear) throw new BloblangError('use "%Y" to parse non-ISO year for "%U" or "%W"');
  const before = -FIRST_DAYS[firstDay];
  const weekdayBefore = (((daysSinceEpoch(year, 1, 1) + before - 1 + 4) % 7) + 7) % 7;
  const weeks = firstDay !== 'Sunday' && weekday === 1 ? number + 1 : number;
  return before + weeks * 7 - weekdayBefore + weekday - 1;
}
