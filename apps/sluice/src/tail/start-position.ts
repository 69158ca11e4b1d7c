import { parseStartPosition, START_POSITIONS } from '@sluice/core';
import type { StartingPosition } from '@sluice/kinesis';
import { TailUsageError } from './errors.ts';

/**
 * Where to begin: what {@link parseStartPosition} reads, durations counted from this moment.
 * @throws {TailUsageError} it is none of these, or a time to come
 */
export function startPosition(text: string, nowMs: number): StartingPosition {
  const start = parseStartPosition(text);
  switch (start?.type) {
    case 'latest':
      return { type: 'LATEST' };
    case 'earliest':
      return { type: 'TRIM_HORIZON' };
    case 'at':
      return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: start.sequenceNumber };
    case 'after':
      return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: start.sequenceNumber };
    case 'back':
      return { type: 'AT_TIMESTAMP', timestampMs: Math.max(0, Math.round(nowMs - start.durationMs)) };
    case 'timestamp':
      if (start.timestampMs <= nowMs) return { type: 'AT_TIMESTAMP', timestampMs: start.timestampMs };
      throw new TailUsageError(`expected a time that has passed as --from (it is ${new Date(nowMs).toISOString()}), found ${text}`);
    case undefined:
      throw new TailUsageError(`expected ${START_POSITIONS} as --from, found ${text}`);
  }
}
