/**
 * Input batches on their way through a writer: what a lane has of one is a batch by itself, any other record is one alone. All of a lane is
 * one line then, as a batch holds records of many keys and none may overtake those of its key before it.
 */
import type { LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { Ordering } from './record-scheduler.ts';
import { sourceLineOf } from './source-lines.ts';

type Records = readonly RecordInHand[];

/** Consecutive records of one input batch together, all others one by one. */
export function toInputBatches(records: Records): Records[] {
  const batches: RecordInHand[][] = [];
  let last: object | undefined;
  for (const record of records) {
    const { inputBatch } = record;
    if (inputBatch !== undefined && inputBatch === last) batches.at(-1)!.push(record);
    else batches.push([record]);
    last = inputBatch;
  }
  return batches;
}

/** Where input batches come, names the line of a record before its keys are computed. */
export function laneLines(ordering: Ordering): (record: RecordInHand) => string {
  if (ordering === 'shard') return sourceLineOf(ordering);
  const names = new WeakMap<LaneHold, string>();
  let count = 0;
  return ({ owner }) => {
    const name = names.get(owner) ?? `lane ${count++}`;
    names.set(owner, name);
    return name;
  };
}
