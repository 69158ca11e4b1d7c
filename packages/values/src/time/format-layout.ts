import { toCivil, type ZonedCivil } from './civil.ts';
import { isFraction, isZoneOffset, splitLayout } from './layout.ts';
import { MONTHS, WEEKDAYS } from './names.ts';
import type { Timestamp } from './timestamp.ts';

type Write = (civil: ZonedCivil) => string;

/** Writes timestamps in a Go layout. */
export function compileFormat(layout: string): (timestamp: Timestamp) => string {
  const { parts, tail } = splitLayout(layout);
  const steps = parts.map(({ literal, element }) => ({ literal, write: writerOf(element) }));
  return (timestamp) => {
    const civil = toCivil(timestamp);
    let text = '';
    for (const { literal, write } of steps) text += literal + write(civil);
    return text + tail;
  };
}

const two = (value: number): string => (value < 10 && value >= 0 ? `0${value}` : String(value));

/** Zeros in front up to a width; a minus does not count. */
const padded = (value: number, width: number): string =>
  value >= 1000 && value < 10_000 && width === 4 ? String(value) : (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(width, '0');

/** Noon is 12, and so is midnight. */
export const hourOfHalfDay = (hour: number): number => hour % 12 || 12;

const WRITERS: Readonly<Record<string, Write>> = {
  '2006': ({ year }) => padded(year, 4),
  '06': ({ year }) => two(Math.abs(year) % 100),
  January: ({ month }) => MONTHS[month - 1]!,
  Jan: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => two(month),
  Monday: ({ weekday }) => WEEKDAYS[weekday]!,
  Mon: ({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  '02': ({ day }) => two(day),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '002': ({ yearDay }) => padded(yearDay, 3),
  '15': ({ hour }) => two(hour),
  '3': ({ hour }) => String(hourOfHalfDay(hour)),
  '03': ({ hour }) => two(hourOfHalfDay(hour)),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => two(minute),
  '5': ({ second }) => String(second),
  '05': ({ second }) => two(second),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  MST: ({ abbreviation, offsetSeconds }) => (abbreviation === '' ? offsetText(offsetSeconds, '-0700') : abbreviation),
};

function writerOf(element: string): Write {
  if (isFraction(element)) return fractionWriter(element);
  if (isZoneOffset(element)) return ({ offsetSeconds }) => offsetText(offsetSeconds, element);
  return WRITERS[element]!;
}

function fractionWriter(element: string): Write {
  const separator = element[0]!;
  const digits = element.length - 1;
  if (element[1] === '0') return ({ nanosecond }) => separator + padded(nanosecond, 9).slice(0, digits);
  return ({ nanosecond }) => {
    const shown = padded(nanosecond, 9).slice(0, digits).replace(/0+$/, '');
    return shown === '' ? '' : separator + shown;
  };
}

/** An offset from UTC in the form of a layout's zone, `Z07:00` or `-0700` or shorter or with seconds. */
function offsetText(offsetSeconds: number, element: string): string {
  if (offsetSeconds === 0 && element[0] === 'Z') return 'Z';
  const minutes = Math.trunc(offsetSeconds / 60);
  const magnitude = Math.abs(minutes);
  const colon = element.includes(':') ? ':' : '';
  let text = (minutes < 0 ? '-' : '+') + two(Math.trunc(magnitude / 60));
  if (element.length > 3) text += colon + two(magnitude % 60);
  if (element.length > 6) text += colon + two(Math.abs(offsetSeconds) % 60);
  return text;
}
