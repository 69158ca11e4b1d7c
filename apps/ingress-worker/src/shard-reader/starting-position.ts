import type { StartingPosition } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';

/** Where Kinesis must begin so that nothing behind the checkpoint is left out. */
export function startingPosition(checkpoint: Checkpoint): StartingPosition {
  switch (checkpoint.kind) {
    case 'TRIM_HORIZON':
      return { type: 'TRIM_HORIZON' };
    case 'AT_TIMESTAMP':
      return { type: 'AT_TIMESTAMP', timestampMs: checkpoint.timestampMs };
    case 'AFTER': {
      const { sequenceNumber, subSequenceNumber } = checkpoint.position;
      // It may stand inside an aggregate, whose rest would be skipped after its sequence number.
      return { type: subSequenceNumber > 0 ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
    }
    case 'SHARD_END':
      throw new Error('a shard that was read to its end has no position to start from');
  }
}
