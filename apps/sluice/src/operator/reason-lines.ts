import type { FailureReport } from '@sluice/status';
import { durationText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';

export interface Reason {
  /** What it is true of, such as a lane's number. */
  readonly of: string;
  readonly reason: string;
}

/** `for 3 min: connect ECONNREFUSED (DEAD_LETTER_OUTPUT_FAILED)` */
export const failureText = ({ code, reason, seconds }: FailureReport): string =>
  `for ${durationText(seconds * 1_000)}: ${reason} (${code})`;

const MOST_REASONS = 8;

/** `worker-a, worker-b: no credentials (AWS_CREDENTIALS)`, a line for each reason, below a table that has no room for them. */
export function reasonLines(reasons: readonly Reason[], width: number): string[] {
  const byReason = new Map<string, string[]>();
  for (const { of, reason } of reasons) byReason.set(reason, [...(byReason.get(reason) ?? []), of]);
  const lines = [...byReason]
    .slice(0, MOST_REASONS)
    .map(([reason, names]) => shorten(`${shorten(names.join(', '), Math.floor(width / 3))}: ${reason.replace(/\p{Cc}+/gu, ' ')}`, width));
  return byReason.size > MOST_REASONS ? [...lines, `and ${byReason.size - MOST_REASONS} other reasons`] : lines;
}
