import { BloblangError } from '@sluice/values';

/** `coefficient × 10 ** exponent`, exactly. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Numbers with more digits would cost more than any schema is worth. */
const MAX_DIGITS = 10_000;

/** A JSON number. Throws BloblangError if it has digits beyond reason. */
export function parseDecimal(text: string): Decimal {
  const [, whole = '', fraction = '', power = '0'] = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) + whole.length + fraction.length > MAX_DIGITS) throw new BloblangError(`number ${text} is out of range`);
  return { coefficient: BigInt(whole + fraction), exponent };
}

export const isWhole = (value: Decimal): boolean => value.exponent >= 0 || value.coefficient % 10n ** BigInt(-value.exponent) === 0n;

/** Below zero if `a` is less than `b`, zero if they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isMultiple(value: Decimal, of: Decimal): boolean {
  const [x, y] = aligned(value, of);
  return x % y === 0n;
}

export const toNumber = ({ coefficient, exponent }: Decimal): number => Number(`${coefficient}e${exponent}`);

/** Both coefficients for the smaller exponent. */
function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [a.coefficient * 10n ** BigInt(a.exponent - exponent), b.coefficient * 10n ** BigInt(b.exponent - exponent)];
}
