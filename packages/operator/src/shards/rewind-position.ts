import type { Checkpoint } from '@sluice/lease';
import { OperatorInputError } from '../errors.ts';

/** Behind the last record of an aggregate, however many it has; and before its first. */
const [WHOLE_AGGREGATE, NOTHING_OF_IT] = [999_999_999, -1];

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * The checkpoint that a person means: `earliest`, `latest` (this moment), a time in ISO 8601, the sequence number of the record after which
 * reading goes on, or `at:` and that of the record with which it does.
 * @throws {OperatorInputError} it is none of these
 */
export function rewindPosition(text: string, nowMs: number): Checkpoint {
  if (text === 'earliest') return { kind: 'TRIM_HORIZON' };
  if (text === 'latest') return { kind: 'AT_TIMESTAMP', timestampMs: nowMs };
  if (/^\d{20,128}$/.test(text)) return { kind: 'AFTER', position: { sequenceNumber: text, subSequenceNumber: WHOLE_AGGREGATE } };
  const [, first] = /^at:(\d{20,128})$/.exec(text) ?? [];
  if (first) return { kind: 'AFTER', position: { sequenceNumber: first, subSequenceNumber: NOTHING_OF_IT } };
  const timestampMs = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timestampMs) || timestampMs < 0)
    throw new OperatorInputError(
      `expected earliest, latest, a time such as 2026-01-31T12:00:00Z, or a sequence number, with at: before it to include its record, found ${text}`,
    );
  return { kind: 'AT_TIMESTAMP', timestampMs };
}
