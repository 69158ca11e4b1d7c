import type { SluiceRecord } from '@sluice/core';
import type { LaneBatch, LaneSource } from '@sluice/queue';
import type { LaneTarget } from './lane-target.ts';

/** Which shard's records these are, and under which lease they were read. */
export type BatchSource = Pick<LaneSource, 'stream' | 'shardId' | 'token'>;

/** Splits a page by lane; each lane's records keep the order of the shard. */
export function toLaneBatches(
  records: readonly SluiceRecord[],
  { laneOf, toRecord }: Pick<LaneTarget, 'laneOf' | 'toRecord'>,
  source: BatchSource,
): LaneBatch[] {
  const byLane = new Map<number, SluiceRecord[]>();
  for (const record of records) {
    const lane = laneOf(record);
    const ofLane = byLane.get(lane);
    if (ofLane) ofLane.push(toRecord(record));
    else byLane.set(lane, [toRecord(record)]);
  }
  return [...byLane].map(([lane, ofLane]) => ({
    lane,
    records: ofLane,
    source: { ...source, first: positionOf(ofLane[0]!), last: positionOf(ofLane.at(-1)!) },
  }));
}

const positionOf = ({ origin }: SluiceRecord) => ({ sequenceNumber: origin!.sequenceNumber, subSequenceNumber: origin!.subSequenceNumber });
