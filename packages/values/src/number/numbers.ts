/** Go's `strconv`: the ranges of numbers and how floats are written. */

export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);
export const UINT64_MAX = 2n ** 64n - 1n;

const INTEGER = /^[+-]?[0-9]+$/;

/** The int64 that a JSON number's text stands for, or undefined if it is none. */
export function int64OfText(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** The int64 that an untouched JSON number stands for, or undefined if it is a float. */
export function int64OfNumber(value: number): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value);
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 63) return undefined;
  return int64OfText(String(value));
}

/** From this power of ten on, `%g` with shortest digits writes an exponent. */
const EXPONENT_FROM = 6;

/** A float as `%g` and `.string()` print it: shortest digits, `1e+06` from a million on and `1e-05` below a ten-thousandth. */
export function formatG(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return formatDigits(value.toExponential());
}

/** As {@link formatG}, from an exponential form such as `1.5e+7`. */
export function formatDigits(exponential: string): string {
  const [, sign, lead, fraction = '', exponentText] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(exponential) as unknown as string[];
  const exponent = Number(exponentText);
  const digits = lead + fraction;
  if (exponent < -4 || exponent >= EXPONENT_FROM) {
    const power = Math.abs(exponent);
    return `${sign}${lead}${fraction === '' ? '' : `.${fraction}`}e${exponent < 0 ? '-' : '+'}${power < 10 ? '0' : ''}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits + '0'.repeat(exponent + 1 - digits.length);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** The shortest digits that read back as the same 32-bit float. */
export function shortestFloat32(value: number): string {
  for (let precision = 0; precision < 9; precision++) {
    const text = value.toExponential(precision);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}
