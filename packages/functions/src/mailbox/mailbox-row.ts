import type { ErrorReport } from '@sluice/core';

/** What waits outside the jobs of a lane for one address: an address that is parked, or that has a long backlog. */
export interface MailboxRow {
  readonly records: number;
  /** As the lane's gauge counts them. */
  readonly bytes: number;
  /** Absent where the address only has a backlog. */
  readonly parking: Parking | undefined;
}

/** Why an address is parked. Times in milliseconds since 1970. */
export interface Parking {
  readonly reason: ErrorReport;
  readonly since: number;
  /** Failed attempts in a row. */
  readonly attempts: number;
  readonly retryAt: number;
}

/** A row differs each time it is written: where it is as it was read, the mailbox is as well. */
export const encodeRow = ({ records, bytes, parking }: MailboxRow): string =>
  JSON.stringify({ records, bytes, ...(parking && { parking }), change: crypto.randomUUID().slice(-12) });

/** @throws {SyntaxError | TypeError} the text is no row */
export function decodeRow(text: string): MailboxRow {
  const row = JSON.parse(text) as Partial<MailboxRow>;
  if (typeof row?.records !== 'number' || typeof row.bytes !== 'number') throw new TypeError('expected the row of a mailbox');
  return { records: row.records, bytes: row.bytes, parking: row.parking };
}
