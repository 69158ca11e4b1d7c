/**
 * The elementary functions by the methods of Go's `math` package (after Cephes), since those of V8 differ in the last digit here and
 * there and results are printed with all their digits.
 */

import { reduceAngle } from './reduce-angle.ts';

/** Beyond this the reduction below loses digits. */
const REDUCTION_LIMIT = 2 ** 29;

/** π/4 in three parts, so that multiples of it can be taken away exactly. */
const QUARTER_PI = [0.7853981256484985, 3.774894707930798e-8, 2.6951514290790595e-15] as const;

const SIN = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 0.0000027557313621385722, -0.0001984126982958954, 0.008333333333322118,
  -0.1666666666666663,
];
const COS = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 0.000024801587288851704, -0.0013888888888873056,
  0.041666666666666595,
];
const TAN_P = [-13093.693918138373, 1153516.6483858742, -17956525.197648488];
const TAN_Q = [13681.296347069296, -1320892.3444021097, 25008380.18233579, -53869575.592945464];

interface Reduced {
  /** The octant, even, 0 to 6. */
  readonly octant: number;
  /** What is left of the angle, within ±π/4. */
  readonly rest: number;
}

function reduce(angle: number): Reduced {
  if (angle >= REDUCTION_LIMIT) return reduceAngle(angle);
  const half = Math.floor(angle * (4 / Math.PI));
  const octants = half + (half % 2);
  const rest = angle - octants * QUARTER_PI[0] - octants * QUARTER_PI[1] - octants * QUARTER_PI[2];
  return { octant: octants % 8, rest };
}

const polynomial = (coefficients: readonly number[], x: number, lead = 0): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, lead);

const sinKernel = (rest: number): number => rest + rest * (rest * rest) * polynomial(SIN, rest * rest);
const cosKernel = (rest: number): number => 1 - 0.5 * (rest * rest) + rest * rest * (rest * rest) * polynomial(COS, rest * rest);

export function sin(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return Math.sin(x);
  const { octant, rest } = reduce(Math.abs(x));
  const value = octant % 4 === 2 ? cosKernel(rest) : sinKernel(rest);
  return x < 0 !== octant > 3 ? -value : value;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Math.cos(x);
  const { octant, rest } = reduce(Math.abs(x));
  const value = octant % 4 === 2 ? sinKernel(rest) : cosKernel(rest);
  return octant === 2 || octant === 4 ? -value : value;
}

export function tan(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return Math.tan(x);
  const { octant, rest } = reduce(Math.abs(x));
  const square = rest * rest;
  const value = square > 1e-14 ? rest + rest * ((square * polynomial(TAN_P, square)) / polynomial(TAN_Q, square, 1)) : rest;
  const turned = octant % 4 === 2 ? -1 / value : value;
  return x < 0 ? -turned : turned;
}

/** Base 10, by way of the natural logarithm. */
export const log10 = (x: number): number => Math.log(x) * Math.LOG10E;

/** x to the power of y, by squaring a fraction and keeping the exponent apart. */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) >= 2 ** 63) return x ** y;
  if (y === 1) return x;
  if (Math.abs(y) === 0.5) return y > 0 ? Math.sqrt(x) : 1 / Math.sqrt(x);
  let whole = Math.floor(Math.abs(y));
  let fraction = Math.abs(y) - whole;
  if (fraction !== 0 && x < 0) return Number.NaN;
  if (fraction > 0.5) {
    fraction--;
    whole++;
  }
  const product = raise(x, whole, fraction === 0 ? 1 : Math.exp(fraction * Math.log(x)));
  return y < 0 ? scale(1 / product.fraction, -product.exponent) : scale(product.fraction, product.exponent);
}

interface Parts {
  readonly fraction: number;
  readonly exponent: number;
}

/** `start * x ** power`. */
function raise(x: number, power: number, start: number): Parts {
  let result = start;
  let exponent = 0;
  let { fraction: base, exponent: baseExponent } = split(x);
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (Math.abs(baseExponent) > 4096) return { fraction: result, exponent: exponent + baseExponent };
    if (rest % 2 === 1) {
      result *= base;
      exponent += baseExponent;
    }
    base *= base;
    baseExponent *= 2;
    if (base < 0.5) {
      base += base;
      baseExponent--;
    }
  }
  return { fraction: result, exponent };
}

const view = new DataView(new ArrayBuffer(8));

/** A float as a fraction from 0.5 up to 1, times a power of two. */
function split(x: number): Parts {
  if (x === 0 || !Number.isFinite(x)) return { fraction: x, exponent: 0 };
  view.setFloat64(0, x);
  const biased = (view.getUint16(0) >> 4) & 0x7ff;
  if (biased === 0) {
    const { fraction, exponent } = split(x * 2 ** 54);
    return { fraction, exponent: exponent - 54 };
  }
  view.setUint16(0, (view.getUint16(0) & 0x800f) | (1022 << 4));
  return { fraction: view.getFloat64(0), exponent: biased - 1022 };
}

/** The fraction times a power of two, in steps that neither overflow nor round twice. */
function scale(fraction: number, exponent: number): number {
  if (exponent > 2100 || exponent < -2200) return exponent > 0 ? fraction * Infinity : fraction * 0;
  if (exponent > 1000) return scale(fraction * 2 ** 1000, exponent - 1000);
  if (exponent < -1000) return scale(fraction * 2 ** -(1000 - 54), exponent + 1000 - 54);
  return fraction * 2 ** exponent;
}
