/**
 * An iterator of the service, with the time before which records are left out: DynamoDB cannot begin at a time, so such a reader begins at the
 * oldest record and passes over what is older.
 */
export interface TimedIterator {
  readonly iterator: string;
  /** Milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
}

export const formatIterator = ({ iterator, sinceMs }: TimedIterator): string =>
  sinceMs === undefined ? iterator : `since:${sinceMs}|${iterator}`;

export function parseIterator(text: string): TimedIterator {
  const [, sinceMs, iterator] = /^since:(\d+)\|(.*)$/s.exec(text) ?? [];
  return iterator === undefined ? { iterator: text } : { iterator, sinceMs: Number(sinceMs) };
}

/** Times of changes are rounded down: by the service to the second, by DynamoDB Local to the minute. */
const ROUNDED_MS = 60_000;

/** Whether a change may have been made since then. */
export const isSince = (arrivalTimeMs: number, sinceMs: number): boolean => arrivalTimeMs + ROUNDED_MS > sinceMs;
