/** The proleptic Gregorian calendar, for any year. */
import type { Zone } from './zone.ts';

/** A clock reading. Parts may be out of range when a timestamp is made of them: the 40th of a month is in the next one. */
export interface Civil {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** A timestamp as the calendar and clock of its zone show it. */
export interface ZonedCivil extends Civil {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 … 366 */
  readonly yearDay: number;
  readonly epochSeconds: number;
  readonly offsetSeconds: number;
  readonly abbreviation: string;
}

/** What a timestamp is made of. */
interface Moment {
  readonly epochSeconds: number;
  /** The same beyond 2^53, where `epochSeconds` is not exact. */
  readonly exactSeconds: bigint;
  readonly nanosecondOfSecond: number;
  readonly zone: Zone;
}

const DAY = 86_400;

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeapYear(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;

/** Days since 1970-01-01. Years are counted from March, so that the leap day comes last. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** What calendar and clock show at a timestamp in its zone. */
export function toCivil(moment: Moment): ZonedCivil {
  const { epochSeconds, nanosecondOfSecond: nanosecond } = moment;
  if (!Number.isSafeInteger(epochSeconds)) return farCivil(moment);
  const { offsetSeconds, abbreviation } = moment.zone.at(epochSeconds);
  const days = Math.floor((epochSeconds + offsetSeconds) / DAY);
  const secondOfDay = epochSeconds + offsetSeconds - days * DAY;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
    nanosecond,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysSinceEpoch(year, 1, 1) + 1,
    epochSeconds,
    offsetSeconds,
    abbreviation,
  };
}

/** The calendar is the same again every so many years. */
export const CYCLE_YEARS = 400;
export const CYCLE_SECONDS = 12_622_780_800n;
/** Go's calendar begins this many seconds before 1970; what is earlier in an int64 is shown as if it came after the end. */
const CALENDAR_START = 9_223_372_028_715_321_600n;

function farCivil({ exactSeconds, epochSeconds, nanosecondOfSecond, zone }: Moment): ZonedCivil {
  const seconds = exactSeconds < -CALENDAR_START ? exactSeconds + 2n ** 64n : exactSeconds;
  const rest = ((seconds % CYCLE_SECONDS) + CYCLE_SECONDS) % CYCLE_SECONDS;
  const cycles = Number((seconds - rest) / CYCLE_SECONDS);
  const { offsetSeconds, abbreviation } = zone.at(Number(seconds));
  const fixed: Zone = { name: zone.name, at: () => ({ offsetSeconds, abbreviation }) };
  const civil = toCivil({ epochSeconds: Number(rest), exactSeconds: rest, nanosecondOfSecond, zone: fixed });
  return { ...civil, year: civil.year + cycles * CYCLE_YEARS, epochSeconds };
}

/** Seconds since 1970 of a clock reading, as if the clock showed UTC. */
export function clockSeconds({ year, month, day, hour, minute, second }: Omit<Civil, 'nanosecond'>): number {
  const years = Math.floor((month - 1) / 12);
  const days = daysSinceEpoch(year + years, month - years * 12, 1) + day - 1;
  return days * DAY + hour * 3600 + minute * 60 + second;
}
