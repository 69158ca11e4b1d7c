import type { StartingPosition } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';

/** Where Kinesis must begin so that nothing behind the checkpoint is left out. */
export function startingPosition(checkpoint: Checkpoint): StartingPosition {
  switch (checkpoint.kind) {
    case 'TRIM_HORIZON':
      return { type: 'TRIM_HORIZON' };
    case 'AT_TIMESTAMP':
      return { type: 'AT_TIMESTAMP', timestampMs: checkpoint.timestampMs };
    case 'AFTER':
      // With the checkpoint's own record: as long as that still comes, nothing behind it has expired unread. And the checkpoint may stand
      // inside an aggregate, whose rest would be left out after its sequence number.
      return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: checkpoint.position.sequenceNumber };
    case 'SHARD_END':
      throw new Error('a shard that was read to its end has no position to start from');
  }
}
