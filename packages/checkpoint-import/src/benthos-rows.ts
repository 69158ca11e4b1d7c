/**
 * Checkpoint tables of the `aws_kinesis` input of Benthos, Redpanda Connect and Bento.
 *
 * A row is a shard that is being read: `StreamID` is the stream as it was configured, `SequenceNumber` that of the last Kinesis record that was
 * handled. The row of a shard that was read to its end is removed.
 */
import { CheckpointImportError } from './errors.ts';
import { after, type ForeignCheckpoint, type ForeignPosition, isSequenceNumber } from './foreign-checkpoint.ts';
import type { TableRow } from './scan-table.ts';

/**
 * @param unread where a shard is read from of which nothing was handled yet: what `start_from_oldest` says
 * @throws {CheckpointImportError} a row is none of such a table
 */
export const readBenthosRows = (rows: readonly TableRow[], unread: ForeignPosition): ForeignCheckpoint[] =>
  rows.map((row) => {
    const [stream, shardId, sequenceNumber] = [row['StreamID']?.S, row['ShardID']?.S, row['SequenceNumber']?.S];
    if (stream === undefined || shardId === undefined)
      throw new CheckpointImportError('expected the checkpoint table of a Benthos input, found a row without StreamID or ShardID');
    if (sequenceNumber && !isSequenceNumber(sequenceNumber))
      throw new CheckpointImportError(`expected a sequence number as SequenceNumber of ${stream} ${shardId}, found ${sequenceNumber}`);
    return { stream, shardId, position: sequenceNumber ? after(sequenceNumber) : unread, owner: row['ClientID']?.S };
  });
