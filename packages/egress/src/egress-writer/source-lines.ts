/**
 * Which records keep an order among each other. Those of a line are processed, sent and counted one behind the other.
 *
 * With `ordering: shard` that is all that came from a shard of a source; otherwise what shares a key. A record that no shard brought (a
 * client or a function sent it) keeps the order of its key.
 */
import type { RecordInHand } from './record-in-hand.ts';
import type { Ordering } from './record-scheduler.ts';

type LineOf = (record: RecordInHand) => string;

/** Messages made of a batch may stand for records of many lines, so these are all one. */
export const ALL_LINES = '';

/** The line of a record before its keys are computed. */
export const sourceLineOf = (ordering: Ordering): LineOf =>
  ordering === 'shard' ? (record) => shardOf(record) ?? record.record.partitionKey : ({ record }) => record.partitionKey;

/** The line of a record that is ready to be sent. @param fromBatches whether it may stand for records of many lines */
export function outputLineOf(ordering: Ordering, fromBatches: boolean): LineOf {
  if (ordering !== 'shard') return ({ partitionKey }) => partitionKey;
  return fromBatches ? () => ALL_LINES : (record) => shardOf(record) ?? record.partitionKey;
}

function shardOf({ record: { origin } }: RecordInHand): string | undefined {
  return origin && `${origin.stream}/${origin.shardId}`;
}
