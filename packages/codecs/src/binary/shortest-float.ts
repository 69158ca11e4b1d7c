const LEAST_NORMAL = 2 ** -126;

/** The shortest number that is the same as a float of 32 bits. */
export function shortestFloat(value: number): number {
  // Its sign is kept.
  if (value === 0) return value;
  for (let digits = Math.abs(value) < LEAST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
