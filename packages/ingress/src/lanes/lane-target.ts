import type { SluiceRecord } from '@sluice/core';
import { wrapIngressRecord } from '@sluice/function-protocol';
import type { LaneSender } from '@sluice/queue';

type Sender = Pick<LaneSender, 'target' | 'laneOf' | 'enqueue' | 'pressure'>;

/** One target of a stream: an egress or a function, with what a record of the stream becomes in its lanes. */
export interface LaneTarget {
  readonly sender: Sender;
  readonly laneOf: (record: SluiceRecord) => number;
  readonly toRecord: (record: SluiceRecord) => SluiceRecord;
  /** How often the target stands before this one in the list of the stream: each of them gets the records once more. */
  readonly copy?: number;
}

/** A stream as the replay filter of a target's lanes knows it: the same record for another copy is no replay. */
export const sourceOfCopy = (stream: string, copy = 0): string => (copy === 0 ? stream : `${stream} again ${copy}`);

/**
 * The lane is that of the partition key. Records of a stream on which the service places records by itself have none, and no order: they
 * are spread by sequence number, so that a record that is read again comes to the same lane.
 */
export const egressTarget = (sender: Sender): LaneTarget => ({
  sender,
  laneOf: ({ partitionKey, origin }) => sender.laneOf(partitionKey || origin!.sequenceNumber),
  toRecord: (record) => record,
});

/** A message for the function: its address is the partition key, also the empty one, and its argument the data as a value of this type. */
export const functionTarget = (sender: Sender, valueType: string): LaneTarget => ({
  sender,
  laneOf: ({ partitionKey }) => sender.laneOf(partitionKey),
  toRecord: ({ partitionKey, data, origin }) => ({
    ...{ partitionKey, data: wrapIngressRecord(valueType, data), metadata: {} },
    ...(origin && { origin }),
  }),
});
