/** Floats by Go's verbs `%e %f %g %b %x`. */

import { formatDigits, formatG, shortestFloat32 } from '../number/numbers.ts';

interface FloatStyle {
  /** Shortest digits are those of a 32-bit float. */
  readonly isNarrow: boolean;
  /** `#`: always a decimal point, and the zeros behind it. */
  readonly keepsZeros: boolean;
}

/** `precision` undefined is six digits for `e` and `f`, as many as are needed for `g`. */
export function formatFloat(value: number, verb: string, precision: number | undefined, style: FloatStyle): string {
  if (!Number.isFinite(value)) return formatG(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), verb, precision, style);
}

function formatMagnitude(value: number, verb: string, precision: number | undefined, style: FloatStyle): string {
  switch (verb) {
    case 'e':
    case 'E':
      return upper(verb === 'E', twoDigitExponent(exponential(value, precision ?? 6)));
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6) + (style.keepsZeros && precision === 0 ? '.' : '');
    case 'b':
      return binary(value);
    case 'x':
    case 'X':
      return upper(verb === 'X', hexadecimal(value, precision));
    default:
      return upper(verb === 'G', general(value, precision, style));
  }
}

const upper = (isUpper: boolean, text: string): string => (isUpper ? text.toUpperCase() : text);

const twoDigitExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** The most digits that JavaScript writes behind the point. */
const MOST_DIGITS = 100;

/**
 * JavaScript rounds a number that lies exactly between two others up, Go to the even one of the two. Both sides are exact: `rounded`
 * has the digits wanted, `exact` has all there are.
 */
function halfToEven(rounded: string, exact: string, precision: number): string {
  const point = exact.indexOf('.');
  const kept = exact.slice(0, precision === 0 ? point : point + 1 + precision);
  const isHalfway = /^50*$/.test(exact.slice(point + 1 + precision));
  return isHalfway && /[02468]$/.test(kept) ? kept : rounded;
}

function exponential(value: number, precision: number): string {
  const [exact = '', power = ''] = value.toExponential(MOST_DIGITS).split('e');
  if (precision >= MOST_DIGITS) return `${exact}${'0'.repeat(precision - MOST_DIGITS)}e${power}`;
  const [rounded = '', roundedPower = ''] = value.toExponential(precision).split('e');
  return power === roundedPower ? `${halfToEven(rounded, exact, precision)}e${power}` : `${rounded}e${roundedPower}`;
}

function fixed(value: number, precision: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const exact = value.toFixed(MOST_DIGITS);
  return precision >= MOST_DIGITS ? exact + '0'.repeat(precision - MOST_DIGITS) : halfToEven(value.toFixed(precision), exact, precision);
}

function general(value: number, precision: number | undefined, { isNarrow, keepsZeros }: FloatStyle): string {
  if (precision === undefined && !keepsZeros) return value !== 0 && isNarrow ? formatDigits(shortestFloat32(value)) : formatG(value);
  const digits = Math.max(precision ?? 6, 1);
  const text = value === 0 ? '0e+0' : exponential(value, digits - 1);
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  const isScientific = exponent < -4 || exponent >= digits;
  const shown = isScientific ? text : fixed(value, Math.max(0, digits - 1 - exponent));
  return twoDigitExponent(keepsZeros ? shown : shown.replace(/\.?0+(?=e|$)/, (zeros) => (shown.includes('.') ? '' : zeros)));
}

const view = new DataView(new ArrayBuffer(8));

function parts(value: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return biased === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function binary(value: number): string {
  const { mantissa, exponent } = parts(value);
  return `${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

function hexadecimal(value: number, precision: number | undefined): string {
  let { mantissa, exponent } = parts(value);
  if (mantissa === 0n) exponent = 0;
  else {
    while (mantissa < 1n << 52n) {
      mantissa <<= 1n;
      exponent--;
    }
    exponent += 52;
  }
  let digits = mantissa.toString(16).padStart(14, '0');
  if (precision !== undefined && precision < 13) {
    const shift = BigInt(52 - precision * 4);
    const half = 1n << (shift - 1n);
    const rest = mantissa & ((1n << shift) - 1n);
    let kept = mantissa >> shift;
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++;
    digits = kept.toString(16);
  }
  const fraction = precision === undefined ? digits.slice(1).replace(/0+$/, '') : digits.slice(1).padEnd(precision, '0');
  const power = Math.abs(exponent).toString().padStart(2, '0');
  return `0x${digits[0]}${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '-' : '+'}${power}`;
}
