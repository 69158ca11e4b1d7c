import type { ErrorReport } from '@sluice/core';
import { formatIndexRanges, parseIndexRanges } from '../index-ranges.ts';
import type { LaneJobData } from '../job-data.ts';

/** The indexes of the records of a job that are still to be delivered, by its data. */
export const remainingOf = ({ remaining, records }: LaneJobData): number[] =>
  remaining === undefined ? Array.from({ length: records }, (_, index) => index) : parseIndexRanges(remaining, records);

/** The data of a job of which only these records are still to be delivered. */
export const withRemaining = (data: LaneJobData, remaining: readonly number[]): LaneJobData =>
  remaining.length === data.records ? data : { ...data, remaining: formatIndexRanges(remaining) };

/** The same of a job that is handed back, with the reason where something failed. */
export function handedBack(data: LaneJobData, remaining: readonly number[], reason: ErrorReport | undefined): LaneJobData {
  const left = withRemaining(data, remaining);
  return reason ? { ...left, attempts: data.attempts + 1, lastReason: `${reason.code}: ${reason.message}` } : left;
}
