import { BloblangError } from '../errors.ts';
import { quoteForTime } from './quote-for-time.ts';

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const MAXIMUM = 2n ** 63n - 1n;
const MAX_DIGITS = 19;

/** A number, maybe with a fraction, and its unit: everything up to the next number. */
const TERM = /(\d*)(\.?)(\d*)([^.\d]*)/sy;

/** Nanoseconds of a duration such as `1h15m30.918s`. Throws BloblangError with the words of Go's `time.ParseDuration`. */
export function parseDuration(text: string): bigint {
  const failure = (problem: string): BloblangError => new BloblangError(`time: ${problem} ${quoteForTime(text)}`);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const terms = text.slice(sign.length);
  if (terms === '0') return 0n;
  if (terms === '') throw failure('invalid duration');
  let total = 0n;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < terms.length) {
    const [, whole = '', , fraction = '', unitName = ''] = TERM.exec(terms) as RegExpExecArray;
    if (whole === '' && fraction === '') throw failure('invalid duration');
    const significant = whole.replace(/^0+(?=\d)/, '') || '0';
    if (significant.length > MAX_DIGITS || BigInt(significant) > MAXIMUM + 1n) throw failure('invalid duration');
    if (unitName === '') throw failure('missing unit in duration');
    const unit = UNITS.get(unitName);
    if (unit === undefined) throw failure(`unknown unit ${quoteForTime(unitName)} in duration`);
    total += BigInt(significant) * unit + fractionOf(fraction, unit);
    if (total > MAXIMUM + 1n) throw failure('invalid duration');
  }
  if (sign === '-') return -total;
  if (total > MAXIMUM) throw failure('invalid duration');
  return total;
}

/** A fraction of a unit in nanoseconds, with the rounding of the floats that Go uses for it. Digits beyond an int64 are ignored. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > MAXIMUM / 10n || next > MAXIMUM + 1n) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}
