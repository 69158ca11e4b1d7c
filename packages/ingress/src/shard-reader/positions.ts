import { compareSequenceNumbers, type RecordPage, type StartingPosition } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';
import type { RecordSlice } from './shard-session.ts';

/** Where Kinesis must begin so that nothing after the checkpoint is left out. */
export function startingPosition(checkpoint: Checkpoint): StartingPosition {
  switch (checkpoint.kind) {
    case 'TRIM_HORIZON':
      return { type: 'TRIM_HORIZON' };
    case 'AT_TIMESTAMP':
      return { type: 'AT_TIMESTAMP', timestampMs: checkpoint.timestampMs };
    case 'AFTER':
      // With the checkpoint's own record: while that still comes, nothing after it has expired unread. And the checkpoint may be inside
      // an aggregate, whose rest would be left out after its sequence number.
      return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: checkpoint.position.sequenceNumber };
    case 'SHARD_END':
      throw new Error('a shard that was read to its end has no position to start from');
  }
}

/**
 * Whether the first page after a checkpoint begins beyond the checkpoint's own record. Then that record has left the stream, and others
 * after it may have as well.
 */
export function beginsBeyond({ firstSequenceNumber }: RecordPage, checkpoint: Checkpoint): boolean {
  if (firstSequenceNumber === undefined || checkpoint.kind !== 'AFTER') return false;
  return compareSequenceNumbers(firstSequenceNumber, checkpoint.position.sequenceNumber) > 0;
}

/** The checkpoint once the whole slice is in the queue. */
export function checkpointAfter({ records }: RecordSlice, before: Checkpoint): Checkpoint {
  const last = records.indexes.at(-1);
  return last === undefined ? before : { kind: 'AFTER', position: records.columns.positionOf(last) };
}
