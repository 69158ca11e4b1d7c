import type { StartingPosition } from '@sluice/kinesis';
import { TailUsageError } from './errors.ts';

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Where to begin: `latest`, `earliest`, a time in ISO 8601, a sequence number (after it), or `at:` and one (with it).
 * @throws {TailUsageError} it is none of these
 */
export function startPosition(text: string): StartingPosition {
  if (text === 'latest') return { type: 'LATEST' };
  if (text === 'earliest') return { type: 'TRIM_HORIZON' };
  const [, at, sequenceNumber] = /^(at:)?(\d{20,128})$/.exec(text) ?? [];
  if (sequenceNumber) return { type: at ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
  const timestampMs = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timestampMs) || timestampMs < 0)
    throw new TailUsageError(
      `expected latest, earliest, a time such as 2026-01-31T12:00:00Z, or a sequence number as --from, found ${text}`,
    );
  return { type: 'AT_TIMESTAMP', timestampMs };
}
