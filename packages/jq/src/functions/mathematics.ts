import type { Value } from '@sluice/values';
import { cannotApply } from '../errors.ts';
import { floatOf, numberOf } from '../numbers.ts';
import type { Native, Natives } from './native.ts';

const numberIn = (name: string, value: Value): number => {
  const number = floatOf(value);
  if (number === undefined) throw cannotApply(name, value);
  return number;
};

const unary = (functions: Readonly<Record<string, (x: number) => Value>>): [string, Native][] =>
  Object.entries(functions).map(([name, work]) => [`${name}/0`, (value) => work(numberIn(name, value))]);

const binary = (functions: Readonly<Record<string, (x: number, y: number) => Value>>): [string, Native][] =>
  Object.entries(functions).map(([name, work]) => [`${name}/2`, (_, [x, y]) => work(numberIn(name, x!), numberIn(name, y!))]);

/** Away from zero. */
const round = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x)) + 0;

function roundToEven(x: number): number {
  const rounded = round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - Math.sign(x) : rounded;
}

/** `x` is `fraction * 2 ** exponent`, with a fraction from 0.5 up to 1. */
function split(x: number): readonly [fraction: number, exponent: number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let fraction = x * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent--;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent++;
  }
  return [fraction, exponent];
}

function isNan(value: Value): boolean {
  if (value === null) return false;
  return Number.isNaN(numberIn('isnan', value));
}

const MIN_NORMAL = 2 ** -1022;

export const mathematics: Natives = {
  ...Object.fromEntries(
    unary({
      ...{ sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan },
      ...{ sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh },
      ...{ floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc, round, nearbyint: roundToEven, rint: roundToEven },
      ...{ fabs: Math.abs, sqrt: Math.sqrt, cbrt: Math.cbrt, exp: Math.exp, expm1: Math.expm1 },
      ...{ log: Math.log, log10: Math.log10, log1p: Math.log1p, log2: Math.log2 },
      exp2: (x) => 2 ** x,
      exp10: (x) => 10 ** x,
      logb: (x) => (x === 0 ? Number.NEGATIVE_INFINITY : Number.isFinite(x) ? split(x)[1] - 1 : Math.abs(x)),
      significand: (x) => (x === 0 || !Number.isFinite(x) ? x : split(x)[0] * 2),
      frexp: (x) => [...split(x)],
      modf: (x) => (Number.isFinite(x) ? [x % 1, Math.trunc(x)] : [Number.NaN, x]),
    }),
  ),
  ...Object.fromEntries(
    binary({
      ...{ atan2: Math.atan2, hypot: Math.hypot, pow: (x: number, y: number) => x ** y },
      ...{ fmax: Math.max, fmin: Math.min, fmod: (x: number, y: number) => x % y, fdim: (x: number, y: number) => Math.max(x - y, 0) },
      copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
      ldexp: (x, y) => x * 2 ** Math.trunc(y),
      scalb: (x, y) => x * 2 ** Math.trunc(y),
      scalbln: (x, y) => x * 2 ** Math.trunc(y),
    }),
  ),
  'fma/3': (_, [x, y, z]) => numberIn('fma', x!) * numberIn('fma', y!) + numberIn('fma', z!),
  'abs/0': (value) => {
    const number = numberOf(value);
    if (number === undefined) throw cannotApply('abs', value);
    return number < 0 ? -number : value;
  },
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'isnan/0': isNan,
  'isinfinite/0': (value) => Math.abs(floatOf(value) ?? 0) === Number.POSITIVE_INFINITY,
  'isfinite/0': (value) => floatOf(value) !== undefined && Math.abs(floatOf(value)!) !== Number.POSITIVE_INFINITY,
  'isnormal/0': (value) => {
    const number = Math.abs(floatOf(value) ?? 0);
    return number >= MIN_NORMAL && number < Number.POSITIVE_INFINITY;
  },
};
