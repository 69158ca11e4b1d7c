import type { Checkpoint } from '@sluice/lease';
import { OperatorInputError } from '../errors.ts';

/** Behind the last record of an aggregate, however many it has. */
const WHOLE_AGGREGATE = 999_999_999;

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * The checkpoint that a person means: `earliest`, `latest` (this moment), a time in ISO 8601, or the sequence number of the record after which
 * reading goes on.
 * @throws {OperatorInputError} it is none of these
 */
export function rewindPosition(text: string, nowMs: number): Checkpoint {
  if (text === 'earliest') return { kind: 'TRIM_HORIZON' };
  if (text === 'latest') return { kind: 'AT_TIMESTAMP', timestampMs: nowMs };
  if (/^\d{20,128}$/.test(text)) return { kind: 'AFTER', position: { sequenceNumber: text, subSequenceNumber: WHOLE_AGGREGATE } };
  const timestampMs = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timestampMs) || timestampMs < 0)
    throw new OperatorInputError(`expected earliest, latest, a time such as 2026-01-31T12:00:00Z, or a sequence number, found ${text}`);
  return { kind: 'AT_TIMESTAMP', timestampMs };
}
