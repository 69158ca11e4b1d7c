import { isFraction, isZoneOffset } from './layout.ts';
import { MONTHS, nameAt, WEEKDAYS } from './names.ts';
import type { TimeReader } from './time-reader.ts';

/** `bad` if the text is not what the element asks for, else the name of a value that is out of range. */
export type Outcome = 'ok' | 'bad' | (string & {});

type Read = (reader: TimeReader) => Outcome;

/** How the element of a layout is read. `isBeforeFraction` tells seconds that their fraction is an element of its own. */
export function readerOf(element: string, isBeforeFraction: boolean): Read {
  if (isFraction(element)) return element[1] === '0' ? (reader) => readFixedFraction(reader, element.length) : readOptionalFraction;
  if (isZoneOffset(element)) return (reader) => readOffset(reader, element);
  if (element === '5' || element === '05') return (reader) => readSecond(reader, element === '05', isBeforeFraction);
  return READERS[element]!;
}

const readNumber =
  (most: number, isFixed: boolean, keep: (reader: TimeReader, value: number) => Outcome): Read =>
  (reader) => {
    const value = reader.number(most, isFixed);
    return value === undefined ? 'bad' : keep(reader, value);
  };

const keepMonth = (reader: TimeReader, value: number): Outcome => {
  reader.month = value;
  return value >= 1 && value <= 12 ? 'ok' : 'month';
};

const keepDay = (reader: TimeReader, value: number): Outcome => {
  reader.day = value;
  return 'ok';
};

const keepYearDay = (reader: TimeReader, value: number): Outcome => {
  reader.yearDay = value;
  return 'ok';
};

const keepHour =
  (last: number) =>
  (reader: TimeReader, value: number): Outcome => {
    reader.hour = value;
    return value <= last ? 'ok' : 'hour';
  };

const keepMinute = (reader: TimeReader, value: number): Outcome => {
  reader.minute = value;
  return value < 60 ? 'ok' : 'minute';
};

const readName =
  (names: readonly string[], isShort: boolean, keep: (reader: TimeReader, index: number) => void): Read =>
  (reader) => {
    const index = nameAt(names, reader.text, reader.position, isShort);
    if (index < 0) return 'bad';
    reader.position += isShort ? 3 : names[index]!.length;
    keep(reader, index);
    return 'ok';
  };

const keepMonthName = (reader: TimeReader, index: number): void => {
  reader.month = index + 1;
};

/** A day of the week is only checked to be one. */
const keepNothing = (): void => undefined;

const READERS: Readonly<Record<string, Read>> = {
  '2006': (reader) => {
    const year = reader.number(4, true);
    reader.year = year ?? 0;
    return year === undefined ? 'bad' : 'ok';
  },
  '06': (reader) => {
    const digits = reader.peek(2);
    if (!/^(?:\d\d|[+-]\d)$/.test(digits)) return 'bad';
    reader.position += 2;
    reader.year = Number(digits) + (Number(digits) >= 69 ? 1900 : 2000);
    return 'ok';
  },
  January: readName(MONTHS, false, keepMonthName),
  Jan: readName(MONTHS, true, keepMonthName),
  '1': readNumber(2, false, keepMonth),
  '01': readNumber(2, true, keepMonth),
  Monday: readName(WEEKDAYS, false, keepNothing),
  Mon: readName(WEEKDAYS, true, keepNothing),
  '2': readNumber(2, false, keepDay),
  _2: (reader) => {
    reader.skipSpace();
    return readNumber(2, false, keepDay)(reader);
  },
  '02': readNumber(2, true, keepDay),
  __2: (reader) => {
    reader.skipSpace();
    reader.skipSpace();
    return readNumber(3, false, keepYearDay)(reader);
  },
  '002': readNumber(3, true, keepYearDay),
  '15': readNumber(2, false, keepHour(23)),
  '3': readNumber(2, false, keepHour(12)),
  '03': readNumber(2, true, keepHour(12)),
  '4': readNumber(2, false, keepMinute),
  '04': readNumber(2, true, keepMinute),
  PM: (reader) => readHalf(reader, 'AM', 'PM'),
  pm: (reader) => readHalf(reader, 'am', 'pm'),
  MST: readAbbreviation,
};

function readHalf(reader: TimeReader, am: string, pm: string): Outcome {
  const half = reader.peek(2);
  if (half !== am && half !== pm) return 'bad';
  reader.half = half === pm ? 'pm' : 'am';
  reader.position += 2;
  return 'ok';
}

function readSecond(reader: TimeReader, isFixed: boolean, isBeforeFraction: boolean): Outcome {
  const second = reader.number(2, isFixed);
  if (second === undefined) return 'bad';
  reader.second = second;
  if (second >= 60) return 'second';
  return isBeforeFraction ? 'ok' : readOptionalFraction(reader);
}

/** A fraction may follow the seconds with any number of digits, whatever the layout says. */
function readOptionalFraction(reader: TimeReader): Outcome {
  if (!isSeparator(reader.peek(1)) || !reader.isDigit(1)) return 'ok';
  reader.position++;
  const digits = reader.digits();
  reader.position += digits.length;
  reader.nanosecond = Number(digits.padEnd(9, '0').slice(0, 9));
  return 'ok';
}

/** As many digits as the layout shows; Go takes a sign for one of them. */
function readFixedFraction(reader: TimeReader, length: number): Outcome {
  const text = reader.peek(length);
  const digits = text.slice(1, 10);
  if (text.length < length || !isSeparator(text[0]!) || !/^(?:\d|[+-](?=\d|$))\d*$/.test(digits)) return 'bad';
  const value = digits.length === 1 && !/\d/.test(digits) ? 0 : Number(digits);
  if (value < 0) return 'fractional second';
  reader.nanosecond = value * 10 ** (9 - digits.length);
  reader.position += length;
  return 'ok';
}

const isSeparator = (character: string): boolean => character === '.' || character === ',';

/** Go allows offsets of a little more than a day. */
function readOffset(reader: TimeReader, element: string): Outcome {
  if (element[0] === 'Z' && reader.peek(1) === 'Z') {
    reader.position++;
    reader.isUtc = true;
    return 'ok';
  }
  const text = reader.peek(element.length);
  if (text.length < element.length) return 'bad';
  if ([...element].some((character, index) => character === ':' && text[index] !== ':')) return 'bad';
  const step = element.includes(':') ? 3 : 2;
  let seconds = 0;
  let outcome: Outcome = 'ok';
  for (const [place, [name, most, factor]] of OFFSET_PARTS.entries()) {
    const number = text.slice(1 + place * step, 3 + place * step) || '00';
    if (!/^\d\d$/.test(number)) return outcome === 'ok' ? 'bad' : outcome;
    if (Number(number) > most) outcome = `time zone offset ${name}`;
    seconds += Number(number) * factor;
  }
  if (outcome !== 'ok') return outcome;
  if (text[0] !== '+' && text[0] !== '-') return 'bad';
  reader.position += element.length;
  reader.offsetSeconds = text[0] === '-' ? -seconds : seconds;
  return 'ok';
}

const OFFSET_PARTS = [
  ['hour', 24, 3600],
  ['minute', 60, 60],
  ['second', 60, 1],
] as const;

/** Three capital letters, four or five that end in T, or one of a few zones that are written otherwise. */
const ABBREVIATION =
  /^(?:ChST|MeST|GMT(?:[+-]0*(?:1?\d|2[0-3])(?!\d))?|[+-]0*(?:1?\d|2[0-3])(?!\d)|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z]))/;

function readAbbreviation(reader: TimeReader): Outcome {
  if (reader.peek(3) === 'UTC') {
    reader.position += 3;
    reader.isUtc = true;
    return 'ok';
  }
  const abbreviation = ABBREVIATION.exec(reader.rest())?.[0];
  if (abbreviation === undefined || reader.peek(3).length < 3) return 'bad';
  reader.abbreviation = abbreviation;
  reader.position += abbreviation.length;
  return 'ok';
}
