import type { SluiceRecord } from '@sluice/core';
import type { LaneBatch } from '@sluice/queue';

/** What lanes know a client's records by: to them it is a shard that one reader reads. */
export const CLIENT_STREAM = 'client';

export interface Numbered {
  /** Unique to the client that runs, so that no other client's records are taken for its own. */
  readonly senderId: string;
  /** Of the first record. */
  readonly first: bigint;
  readonly nowMs: number;
  /** The lane of a key. */
  readonly laneOf: (key: string) => number;
}

/**
 * The records, numbered on from `first` and shared out to lanes. What is enqueued twice under the same numbers is delivered once: a lane skips
 * numbers of a sender that it has seen.
 */
export function toLaneBatches(records: readonly SluiceRecord[], { senderId, first, nowMs, laneOf }: Numbered): LaneBatch[] {
  const numbered = records.map((record, index) => {
    const position = { sequenceNumber: String(first + BigInt(index)), subSequenceNumber: 0 };
    return { ...record, origin: { stream: CLIENT_STREAM, shardId: senderId, arrivalTimeMs: nowMs, ...position } };
  });
  const perLane = Map.groupBy(numbered, ({ partitionKey }) => laneOf(partitionKey === '' ? senderId : partitionKey));
  return [...perLane].map(([lane, ofLane]) => ({
    lane,
    records: ofLane,
    source: {
      ...{ stream: CLIENT_STREAM, shardId: senderId, token: { number: 1, owner: senderId } },
      ...{ first: ofLane[0]!.origin, last: ofLane.at(-1)!.origin },
    },
  }));
}
