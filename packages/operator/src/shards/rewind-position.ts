import { parseStartPosition, START_POSITIONS } from '@sluice/core';
import { type Checkpoint, resolveStart } from '@sluice/lease';
import { OperatorInputError } from '../errors.ts';

/**
 * The checkpoint that a person means: what {@link parseStartPosition} reads, `latest` and durations counted from this moment.
 * @throws {OperatorInputError} it is none of these, or a time to come, from which Kinesis does not read
 */
export function rewindPosition(text: string, nowMs: number): Checkpoint {
  const start = parseStartPosition(text);
  if (!start) throw new OperatorInputError(`expected ${START_POSITIONS}, found ${text}`);
  if (start.type === 'timestamp' && start.timestampMs > nowMs)
    throw new OperatorInputError(`expected a time that has passed (it is ${new Date(nowMs).toISOString()}), found ${text}`);
  return resolveStart(start, nowMs);
}
