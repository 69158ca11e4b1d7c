export type Direction = 'ascending' | 'descending';

/** Sorted by a value; rows without one stand last whichever way. Equal rows keep their order. */
export function sortRows<T>(rows: readonly T[], keyOf: (row: T) => number | string | null, direction: Direction): T[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left === right ? 0 : left < right ? -sign : sign;
  });
}
