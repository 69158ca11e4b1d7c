import { RecordRows } from '@sluice/core';
import type { LaneBatch, LaneSource } from '@sluice/queue';
import type { LaneTarget } from './lane-target.ts';

/** Which shard's records these are, and under which lease they were read. */
export type BatchSource = Pick<LaneSource, 'stream' | 'shardId' | 'token'>;

/** A shard of a source, as the lanes that are laid by shard know it. */
export const shardNameOf = ({ stream, shardId }: Pick<BatchSource, 'stream' | 'shardId'>): string => `${stream}/${shardId}`;

/** Splits a page by lane; each lane's records keep the order of the shard. */
export function toLaneBatches(
  { columns, indexes }: RecordRows,
  { laneOf, laneOfShard, toMessages }: Pick<LaneTarget, 'laneOf' | 'laneOfShard' | 'toMessages'>,
  source: BatchSource,
): LaneBatch[] {
  if (indexes.length === 0) return [];
  const byLane = new Map<number, number[]>();
  const laneOfAll = laneOfShard?.(shardNameOf(source));
  if (laneOfAll !== undefined) byLane.set(laneOfAll, [...indexes]);
  else {
    for (const index of indexes) {
      const lane = laneOf(columns, index);
      const ofLane = byLane.get(lane);
      if (ofLane) ofLane.push(index);
      else byLane.set(lane, [index]);
    }
  }
  return [...byLane].map(([lane, ofLane]) => {
    const records = new RecordRows(columns, Uint32Array.from(ofLane));
    const ends = { first: columns.positionOf(ofLane[0]!), last: columns.positionOf(ofLane.at(-1)!) };
    return { lane, records: toMessages?.(records) ?? records, source: { ...source, ...ends } };
  });
}
