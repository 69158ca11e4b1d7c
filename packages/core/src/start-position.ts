import { parseGoDuration } from './duration.ts';

/** Where reading begins: for a whole stream, or for one shard of it. */
export type StartPosition =
  | { readonly type: 'earliest' }
  | { readonly type: 'latest' }
  /** Milliseconds since 1970. */
  | { readonly type: 'timestamp'; readonly timestampMs: number }
  /** So long before the moment at which reading begins. */
  | { readonly type: 'back'; readonly durationMs: number }
  /** With the record of that sequence number, or with the one after it. Means one shard. */
  | { readonly type: 'at' | 'after'; readonly sequenceNumber: string };

/** What a text of {@link parseStartPosition} may be, for messages. */
export const START_POSITIONS =
  'earliest, latest, a time such as 2026-01-31T12:00:00Z, a duration back such as -2h, or a sequence number, with at: before it to include its record';

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
const BACK = /^-(?:(\d{1,5})d)?(.*)$/;
const DAY_MS = 86_400_000;

/**
 * The position that a person means: `earliest`, `latest`, a time in ISO 8601 (a date alone is its midnight in UTC), a duration back such as
 * `-2h` or `-1d12h`, the sequence number of the record after which reading begins, or `at:` and that of the record with which it does.
 * `undefined` where it is none of these.
 */
export function parseStartPosition(text: string): StartPosition | undefined {
  if (text === 'earliest' || text === 'latest') return { type: text };
  if (/^\d{20,128}$/.test(text)) return { type: 'after', sequenceNumber: text };
  const [, sequenceNumber] = /^at:(\d{20,128})$/.exec(text) ?? [];
  if (sequenceNumber) return { type: 'at', sequenceNumber };
  if (ISO.test(text)) return isDayOfMonth(text) ? timestampOf(Date.parse(text)) : undefined;
  return backOf(text);
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const isDayOfMonth = (text: string): boolean => {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
};

const timestampOf = (timestampMs: number): StartPosition | undefined => (timestampMs >= 0 ? { type: 'timestamp', timestampMs } : undefined);

function backOf(text: string): StartPosition | undefined {
  const [, days, rest] = BACK.exec(text) ?? [];
  if (rest === undefined || /^[+-]/.test(rest) || (rest === '' && days === undefined)) return undefined;
  const restMs = rest === '' ? 0 : parseGoDuration(rest);
  return restMs === undefined ? undefined : { type: 'back', durationMs: Number(days ?? 0) * DAY_MS + restMs };
}
