import { newRow, type RecordColumns, type RecordRows, type SluiceRecord } from '@sluice/core';
import { wrapIngressRecord } from '@sluice/function-protocol/ingress-record';
import type { LaneSender } from '@sluice/queue';

type Sender = Pick<LaneSender, 'target' | 'layout' | 'laneOf' | 'laneOfUtf8' | 'enqueue' | 'pressure' | 'barrier'>;

/** One target of a stream: an egress or a function, with what a record of the stream becomes in its lanes. */
export interface LaneTarget {
  readonly sender: Sender;
  readonly laneOf: (columns: RecordColumns, index: number) => number;
  /** The lane of all that a shard brings, while its lanes are laid by shard; absent where they never are. */
  readonly laneOfShard?: (shard: string) => number | undefined;
  /** Absent where its lanes hold the records as they are. */
  readonly toMessages?: (records: RecordRows) => readonly SluiceRecord[];
  /** How often the target stands before this one in the list of the stream: each of them gets the records once more. */
  readonly copy?: number;
}

/** A stream as the replay filter of a target's lanes knows it: the same record for another copy is no replay. */
export const sourceOfCopy = (stream: string, copy = 0): string => (copy === 0 ? stream : `${stream} again ${copy}`);

/**
 * The lane is that of the partition key, or of the shard where the lanes are laid by shard. Records of a stream on which the service places records by itself have none, and no order: they
 * are spread by sequence number, so that a record that is read again comes to the same lane.
 */
export function egressTarget(sender: Sender): LaneTarget {
  const row = newRow();
  return {
    sender,
    laneOfShard: (shard) => (sender.layout === 'shard' ? sender.laneOf(shard) : undefined),
    laneOf: (columns, index) => {
      columns.read(index, row);
      if (row.keyEnd > row.keyStart) return sender.laneOfUtf8(columns.bytes, row.keyStart, row.keyEnd);
      return sender.laneOfUtf8(columns.bytes, row.sequenceStart, row.sequenceEnd);
    },
  };
}

/** A message for the function: its address is the partition key, also the empty one, and its argument the data as a value of this type. */
export function functionTarget(sender: Sender, valueType: string): LaneTarget {
  const row = newRow();
  return {
    sender,
    laneOf: (columns, index) => {
      columns.read(index, row);
      return sender.laneOfUtf8(columns.bytes, row.keyStart, row.keyEnd);
    },
    toMessages: (records) =>
      Array.from(records, ({ partitionKey, data, origin }) => ({
        ...{ partitionKey, data: wrapIngressRecord(valueType, data), metadata: {} },
        ...(origin && { origin }),
      })),
  };
}
