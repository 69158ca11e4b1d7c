import { BloblangError } from '../errors.ts';
import { INT64_MAX } from '../number/numbers.ts';
import { quote } from '../text/quote.ts';
import { toCivil } from './civil.ts';
import { MONTHS, WEEKDAYS } from './names.ts';
import { compileParse } from './parse-layout.ts';
import { readOffset } from './read-offset.ts';
import { type StrptimeReader, Y2K } from './strptime-reader.ts';
import { Timestamp } from './timestamp.ts';
import { fixedZone, UTC } from './zone.ts';

const SHORT_MONTHS = MONTHS.map((name) => name.slice(0, 3));
const SHORT_WEEKDAYS = WEEKDAYS.map((name) => name.slice(0, 3));

type Read = (reader: StrptimeReader, letter: string) => void;

/** Reads what a conversion letter asks for; `colons` counts those before the `z`. */
export function readConversion(reader: StrptimeReader, letter: string, colons: number): void {
  const read: Read | undefined = letter === 'z' ? () => readOffset(reader, colons) : CONVERSIONS[letter];
  if (read === undefined) throw new BloblangError(`unexpected format "%${letter}"`);
  read(reader, letter);
}

const readWeek =
  (firstDay: 'Sunday' | 'Monday' | 'ISO', minimum: number): Read =>
  (reader, letter) => {
    reader.week = { number: reader.number(letter, 2, minimum, 53), firstDay };
    if (reader.weekday === 0) reader.weekday = firstDay === 'Sunday' ? 1 : 2;
  };

const readShortMonth: Read = (reader, letter) => {
  reader.month = reader.word(letter, SHORT_MONTHS) + 1;
};

const readDay: Read = (reader, letter) => {
  reader.day = reader.number(letter, 2, 1, 31);
};

const readHour: Read = (reader, letter) => {
  reader.hour = reader.number(letter, 2, 0, 23);
};

const readHalfDayHour: Read = (reader, letter) => {
  reader.hour = reader.number(letter, 2, 1, 12) % 12;
};

const readHalf: Read = (reader, letter) => {
  reader.isPm = reader.word(letter, ['AM', 'PM']) === 1;
};

const afterSpace =
  (read: Read): Read =>
  (reader, letter) => {
    reader.skipSpace();
    read(reader, letter);
  };

const readSpaces: Read = (reader, letter) => {
  const start = reader.position;
  while (/^[ \t\n\v\f\r]$/.test(reader.next ?? '')) reader.position++;
  if (reader.position === start) throw new BloblangError(`expected a space for "%${letter}"`);
};

const CONVERSIONS: Readonly<Record<string, Read>> = {
  Y: (reader) => {
    const isNegative = reader.next === '-';
    if (isNegative) reader.position++;
    const year = reader.number('Y', 4, 0, 9999);
    reader.year = isNegative ? -year : year;
  },
  y: (reader) => {
    const year = reader.number('y', 2, 0, 99);
    reader.year = year + (year < 69 ? 2000 : 1900);
  },
  C: (reader) => {
    reader.century = reader.number('C', 2, 0, 99);
  },
  g: (reader) => {
    reader.year = reader.number('g', 2, 0, 99) + 2000;
    reader.hasIsoYear = true;
  },
  G: (reader) => {
    reader.year = reader.number('G', 4, 0, 9999);
    reader.hasIsoYear = true;
  },
  m: (reader) => {
    reader.month = reader.number('m', 2, 1, 12);
  },
  B: (reader) => {
    reader.month = reader.word('B', MONTHS) + 1;
  },
  b: readShortMonth,
  h: readShortMonth,
  A: (reader) => {
    reader.weekday = reader.word('A', WEEKDAYS) + 1;
  },
  a: (reader) => {
    reader.weekday = reader.word('a', SHORT_WEEKDAYS) + 1;
  },
  w: (reader) => {
    reader.weekday = reader.number('w', 1, 0, 6) + 1;
  },
  u: (reader) => {
    reader.weekday = (reader.number('u', 1, 1, 7) % 7) + 1;
  },
  V: readWeek('ISO', 1),
  U: readWeek('Sunday', 0),
  W: readWeek('Monday', 0),
  d: readDay,
  e: afterSpace(readDay),
  j: (reader) => {
    reader.yearDay = reader.number('j', 3, 1, 366);
  },
  H: readHour,
  k: afterSpace(readHour),
  I: readHalfDayHour,
  l: afterSpace(readHalfDayHour),
  P: readHalf,
  p: readHalf,
  M: (reader) => {
    reader.minute = reader.number('M', 2, 0, 59);
  },
  S: (reader) => {
    reader.second = reader.number('S', 2, 0, 60);
  },
  s: readEpochSeconds,
  f: (reader) => {
    const start = reader.position;
    const value = reader.number('f', 6, 0, 999_999);
    reader.nanosecond = value * 10 ** (9 - (reader.position - start));
  },
  Z: readZoneName,
  t: readSpaces,
  n: readSpaces,
  '%': (reader) => reader.expect('%'),
};

const MAX_EPOCH_DIGITS = 19;

function readEpochSeconds(reader: StrptimeReader): void {
  const digits = /^[0-9]*/.exec(reader.text.slice(reader.position))![0].slice(0, MAX_EPOCH_DIGITS);
  if (digits === '' || BigInt(digits) > INT64_MAX) throw new BloblangError('cannot parse "%s"');
  reader.position += digits.length;
  const civil = toCivil(new Timestamp(BigInt(digits) * 1_000_000_000n, UTC));
  reader.year = civil.year;
  reader.month = civil.month;
  reader.day = civil.day;
  reader.hour = civil.hour;
  reader.minute = civil.minute;
  reader.second = civil.second;
}

const parseAbbreviation = compileParse('MST');

function readZoneName(reader: StrptimeReader): void {
  const name = /^[A-Z]*/.exec(reader.text.slice(reader.position))![0];
  reader.position += name.length;
  let timestamp: ReturnType<typeof parseAbbreviation>;
  try {
    timestamp = parseAbbreviation(name);
  } catch {
    throw new BloblangError(`cannot parse ${quote(name)} with "%Z"`);
  }
  const { zone, epochSeconds } = timestamp;
  reader.zone = reader.hasZoneOffset ? fixedZone(reader.zone.at(Y2K).offsetSeconds, zone.at(epochSeconds).abbreviation) : zone;
  reader.hasZoneName = true;
}
