import { describe, expect, it } from 'vitest';
import { cos, log10, pow, sin, tan } from './go-math.ts';

describe('the elementary functions of Go', () => {
  it('agree with it to the last digit where its digits are known', () => {
    const quarter = 45 * (Math.PI / 180);
    expect([sin(quarter), cos(quarter), sin(Math.PI / 2), cos(Math.PI)]).toEqual([0.7071067811865475, Math.SQRT1_2, 1, -1]);
    expect([100, 1000, 10000].map(log10)).toEqual([2, 3, 4]);
    expect([pow(10, -2), pow(2, 10), pow(2, 0.5), pow(4, -0.5), pow(10, 308)]).toEqual([
      0.01,
      1024,
      Math.SQRT2,
      0.5,
      1.0000000000000006e308,
    ]);
  });

  it('stay within two units in the last place of those of the engine', () => {
    for (let step = -2000; step <= 2000; step++) {
      const x = step * 0.37;
      expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThanOrEqual(4.5e-16);
      expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThanOrEqual(4.5e-16);
      expect(Math.abs(tan(x) / Math.tan(x || 1e-9) - (x === 0 ? 0 : 1))).toBeLessThanOrEqual(1e-14);
    }
    for (let power = -30; power <= 30; power += 0.7) expect(Math.abs(pow(3.7, power) / 3.7 ** power - 1)).toBeLessThanOrEqual(1e-14);
  });

  it('reduce large angles as Go does', () => {
    expect([sin(4294967295), tan(1597405526123), cos(2 ** 63)]).toEqual([0.4966771917532882, -4.4483747839618095, 0.0118000765128003]);
  });

  it('never give a finite number for one that is too large', () => {
    expect([pow(1.5, 5000), pow(2 ** 53, 100), pow(-1.5, 5001), pow(1.5, -5000)]).toEqual([Infinity, Infinity, -Infinity, 0]);
  });

  it('have an answer for every edge', () => {
    expect([sin(Infinity), cos(Number.NaN), log10(-1), pow(-8, 1 / 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect([log10(0), log10(Infinity), pow(0, -1), pow(2, 2000), pow(2, -2000), pow(5e-324, 0.5)]).toEqual([
      -Infinity,
      Infinity,
      Infinity,
      Infinity,
      0,
      Math.sqrt(5e-324),
    ]);
    expect([pow(-2, 3), pow(-2, -2), pow(2, -1074), pow(0.5, 1074), sin(1e300), tan(1e22)]).toEqual([
      -8, 0.25, 5e-324, 5e-324, -0.8178819121159087, -1.6287782256068992,
    ]);
  });
});
