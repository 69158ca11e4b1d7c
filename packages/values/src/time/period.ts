/** ISO 8601 periods: `P1Y2M3DT4H5M6.5S`, `P2W`, also with a sign in front of the whole or of a part. */
import { BloblangError } from '../errors.ts';
import { toCivil } from './civil.ts';
import { addNanoseconds, fromCivil } from './instant.ts';
import type { Timestamp } from './timestamp.ts';

type Unit = 'years' | 'months' | 'weeks' | 'days' | 'hours' | 'minutes' | 'seconds';

/** `coefficient / 10 ** scale` */
interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

type Period = Readonly<Record<Unit, Decimal>>;

const ZERO: Decimal = { coefficient: 0n, scale: 0 };
const NONE: Period = { years: ZERO, months: ZERO, weeks: ZERO, days: ZERO, hours: ZERO, minutes: ZERO, seconds: ZERO };

const DATE_UNITS: Readonly<Record<string, Unit>> = { Y: 'years', M: 'months', W: 'weeks', D: 'days' };
const TIME_UNITS: Readonly<Record<string, Unit>> = { H: 'hours', M: 'minutes', S: 'seconds' };

/** Throws BloblangError for what is no period; only the last part may have a fraction. */
export function parsePeriod(text: string): Period {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const body = text.slice(sign.length);
  if (body === '') throw new BloblangError('cannot parse a blank string as a period');
  if (!body.startsWith('P')) throw new BloblangError(`${text}: expected 'P' period mark at the start`);
  const parts = new Map<Unit, Decimal>();
  let fractional = '';
  let units = DATE_UNITS;
  let rest = body.slice(1);
  while (rest !== '') {
    if (rest.startsWith('T')) {
      if (units === TIME_UNITS) throw new BloblangError(`${text}: 'T' designator cannot occur more than once`);
      units = TIME_UNITS;
      rest = rest.slice(1);
      continue;
    }
    const { number, designator, length } = readPart(rest, text);
    rest = rest.slice(length);
    if (fractional !== '' && number.coefficient !== 0n) {
      throw new BloblangError(`${text}: '${fractional}' & '${designator}' only the last field can have a fraction`);
    }
    const unit = units[designator];
    if (unit === undefined) throw new BloblangError(`${text}: '${designator}' designator cannot occur here`);
    if (parts.has(unit)) throw new BloblangError(`${text}: '${designator}' designator cannot occur more than once`);
    parts.set(unit, sign === '-' ? { ...number, coefficient: -number.coefficient } : number);
    if (number.scale > 0) fractional = designator;
  }
  if (parts.size === 0) throw new BloblangError(`${text}: expected 'Y', 'M', 'W', 'D', 'H', 'M', or 'S' designator`);
  return { ...NONE, ...Object.fromEntries(parts) };
}

interface Part {
  readonly number: Decimal;
  readonly designator: string;
  /** Characters that it takes. */
  readonly length: number;
}

function readPart(rest: string, text: string): Part {
  const digits = /^-?[\d.,]*/.exec(rest)![0];
  if (digits === '') throw new BloblangError(`${text}: expected a number but found '${rest[0]}'`);
  if (digits === rest) throw new BloblangError(`${text}: missing designator at the end`);
  const number = parseDecimal(digits.replaceAll(',', '.'));
  if (number === undefined) throw new BloblangError(`${text}: number invalid or out of range`);
  const designator = rest[digits.length]!;
  if (!/[YMWDHS]/.test(designator)) {
    throw new BloblangError(`${text}: expected a designator Y, M, W, D, H, or S not '${designator}'`);
  }
  return { number, designator, length: digits.length + 1 };
}

/** The original keeps nineteen digits; beyond, whole numbers are refused and fractions rounded. */
const MAX_DIGITS = 19;

function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const significant = whole.replace(/^0+/, '');
  if (whole + fraction === '' || significant.length > MAX_DIGITS) return undefined;
  const scale = Math.min(fraction.length, MAX_DIGITS - significant.length);
  const magnitude = roundedToEven(BigInt(significant + fraction.slice(0, scale) || '0'), fraction.slice(scale));
  if (String(magnitude).length > MAX_DIGITS) return undefined;
  return { coefficient: sign === '-' ? -magnitude : magnitude, scale };
}

function roundedToEven(magnitude: bigint, surplusDigits: string): bigint {
  const isHalf = /^50*$/.test(surplusDigits);
  const isUp = isHalf ? magnitude % 2n === 1n : /^[5-9]/.test(surplusDigits);
  return isUp ? magnitude + 1n : magnitude;
}

export const negatePeriod = (period: Period): Period =>
  Object.fromEntries(
    Object.entries(period).map(([unit, { coefficient, scale }]) => [unit, { coefficient: -coefficient, scale }]),
  ) as Record<Unit, Decimal>;

const SECOND = 1_000_000_000n;
/** A year of the Gregorian calendar on average, 365.2425 days, and a twelfth of it, in billionths of a day. */
const YEAR = 365_242_500_000n;
const MONTH = 30_436_875_000n;
const SECONDS_PER_DAY = 86_400n;

/** Nanoseconds, with years and months of average length and days of 24 hours. Wraps beyond 292 years, as in Go. */
export function approximateNanoseconds(period: Period): bigint {
  const days = scaled(period.days, SECOND) + scaled(period.weeks, 7n * SECOND) + scaled(period.months, MONTH) + scaled(period.years, YEAR);
  return BigInt.asIntN(64, days * SECONDS_PER_DAY + clockNanoseconds(period));
}

const clockNanoseconds = ({ hours, minutes, seconds }: Period): bigint =>
  BigInt.asIntN(64, scaled(hours, 3600n * SECOND) + scaled(minutes, 60n * SECOND) + scaled(seconds, SECOND));

/** A number times a factor. The factor is cut off before, so that the smallest digits are lost as they are in the original. */
const scaled = ({ coefficient, scale }: Decimal, factor: bigint): bigint => coefficient * (factor / 10n ** BigInt(scale));

/** The time a period later. Whole years, months, weeks and days go by the calendar of the zone, broken ones by their average length. */
export function addPeriod(timestamp: Timestamp, period: Period): Timestamp {
  const { years, months, weeks, days } = period;
  const parts = [years, months, weeks, days];
  const isByCalendar = parts.every(({ scale }) => scale === 0) && parts.some(({ coefficient }) => coefficient !== 0n);
  if (!isByCalendar) return addNanoseconds(timestamp, approximateNanoseconds(period));
  const civil = toCivil(timestamp);
  const year = civil.year + Number(years.coefficient);
  const month = civil.month + Number(months.coefficient);
  const day = civil.day + Number(7n * weeks.coefficient + days.coefficient);
  return addNanoseconds(fromCivil({ ...civil, year, month, day }, timestamp.zone), clockNanoseconds(period));
}
