import { plural } from '@sluice/core';

/** Fewer rows than this are shown one by one. */
const FEWEST = 4;

export interface Folded<Row> {
  readonly shown: readonly Row[];
  /** Those that are alike; none where there are few of them. */
  readonly folded: readonly Row[];
}

/** Rows of which nothing is to be said one by one are taken together, unless all are wanted. */
export function fold<Row>(rows: readonly Row[], isQuiet: (row: Row) => boolean, isAll: boolean): Folded<Row> {
  const folded = isAll ? [] : rows.filter(isQuiet);
  return folded.length < FEWEST ? { shown: rows, folded: [] } : { shown: rows.filter((row) => !isQuiet(row)), folded };
}

const MOST_OWNERS = 3;

/** `5 of worker-a, 3 of worker-b, 4 of nobody`, and a count where there are many owners. */
export function ownersText(rows: readonly { readonly owner: string | null }[]): string {
  const counts = new Map<string, number>();
  for (const { owner } of rows) counts.set(owner ?? 'nobody', (counts.get(owner ?? 'nobody') ?? 0) + 1);
  if (counts.size > MOST_OWNERS) {
    const free = counts.get('nobody') ?? 0;
    return `of ${plural(counts.size - (free > 0 ? 1 : 0), 'worker')}${free > 0 ? `, ${free} of nobody` : ''}`;
  }
  if (counts.size === 1) return `of ${[...counts.keys()][0]}`;
  return [...counts].map(([owner, count]) => `${count} of ${owner}`).join(', ');
}

/** `0-3, 7`. @param numbers ascending */
export function rangesText(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
