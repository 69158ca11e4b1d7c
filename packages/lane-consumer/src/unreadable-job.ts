import { type ErrorReport, toErrorReport } from '@sluice/core';

const UNREADABLE = new Set(['PAYLOAD_MISSING', 'PAYLOAD_MALFORMED']);

/** Whether this is the code of a job that no worker can read. */
export const isUnreadable = ({ code }: ErrorReport): boolean => UNREADABLE.has(code);

/** The reason to block a lane whose next job cannot be read; `undefined` where the error says something else. */
export function unreadableReason(error: unknown): ErrorReport | undefined {
  const report = toErrorReport(error);
  return isUnreadable(report) ? report : undefined;
}
