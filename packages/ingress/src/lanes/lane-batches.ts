import type { SluiceRecord } from '@sluice/core';
import type { LaneBatch, LaneSource } from '@sluice/queue';

/** Which shard's records these are, and under which lease they were read. */
export type BatchSource = Pick<LaneSource, 'stream' | 'shardId' | 'token'>;

/**
 * Splits a page by lane; each lane's records keep the order of the shard. The lane is that of the partition key. Records of a stream
 * on which the service places records by itself have none, and no order: they are spread by sequence number, so that a record that is
 * read again comes to the same lane.
 */
export function toLaneBatches(records: readonly SluiceRecord[], laneOf: (key: string) => number, source: BatchSource): LaneBatch[] {
  const byLane = new Map<number, SluiceRecord[]>();
  for (const record of records) {
    const lane = laneOf(record.partitionKey || record.origin!.sequenceNumber);
    const ofLane = byLane.get(lane);
    if (ofLane) ofLane.push(record);
    else byLane.set(lane, [record]);
  }
  return [...byLane].map(([lane, ofLane]) => ({
    lane,
    records: ofLane,
    source: { ...source, first: positionOf(ofLane[0]!), last: positionOf(ofLane.at(-1)!) },
  }));
}

const positionOf = ({ origin }: SluiceRecord) => ({ sequenceNumber: origin!.sequenceNumber, subSequenceNumber: origin!.subSequenceNumber });
