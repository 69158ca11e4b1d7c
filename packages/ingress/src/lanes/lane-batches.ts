import { RecordRows } from '@sluice/core';
import type { LaneBatch, LaneSource } from '@sluice/queue';
import type { LaneTarget } from './lane-target.ts';

/** Which shard's records these are, and under which lease they were read. */
export type BatchSource = Pick<LaneSource, 'stream' | 'shardId' | 'token'>;

/** A shard of a source, as the lanes that are laid by shard know it. */
export const shardNameOf = ({ stream, shardId }: Pick<BatchSource, 'stream' | 'shardId'>): string => `${stream}/${shardId}`;

type Lanes = Pick<LaneTarget, 'laneOf' | 'laneOfShard' | 'toMessages'>;

/**
 * Splits a page by lane; each lane's records keep the order of the shard.
 * @param inputBatches for each row of the columns the number of its batch, ascending: a lane gets what it has of each as a batch by itself
 */
export function toLaneBatches(rows: RecordRows, target: Lanes, source: BatchSource, inputBatches?: Uint32Array): LaneBatch[] {
  if (!inputBatches) return splitByLane(rows, target, source);
  const { columns, indexes } = rows;
  const batches: LaneBatch[] = [];
  for (let from = 0, to = 0; from < indexes.length; from = to) {
    while (to < indexes.length && inputBatches[indexes[to]!] === inputBatches[indexes[from]!]) to++;
    const ofBatch = splitByLane(new RecordRows(columns, indexes.subarray(from, to)), target, source);
    batches.push(...ofBatch.map((batch) => ({ ...batch, together: true })));
  }
  return batches;
}

function splitByLane({ columns, indexes }: RecordRows, { laneOf, laneOfShard, toMessages }: Lanes, source: BatchSource): LaneBatch[] {
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
