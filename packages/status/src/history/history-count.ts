import type { Measure } from './history.ts';

/** What a worker adds to a bucket of the history. Of `lag` and `waiting` the largest remains, all others are summed up. */
export interface HistoryCount {
  readonly measure: Measure;
  readonly name: string;
  readonly value: number;
}

const LARGEST: ReadonlySet<Measure> = new Set(['lag', 'waiting']);

export const isLargest = (measure: Measure): boolean => LARGEST.has(measure);
