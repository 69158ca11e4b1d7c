/**
 * What Redis has of a target's number of lanes, as a text:
 *
 *     8                                   as it was recorded at its first use
 *     8 laid by shard                     the same; what comes from a shard of a source is in one lane, not each key in its own
 *     8 resized                           as an operator changed it: it counts, whatever workers are configured for
 *     8 to 3 until 1700000000000 by a1    an operator waits for the lanes to be empty: senders hold back until that time (Redis', ms)
 *     8 closed 3 until 1700000000000 by a1   the lanes are empty and take nothing in, while what functions remember moves
 */
export interface LaneEntry {
  /** How many lanes there are now. */
  readonly lanes: number;
  readonly layout: LaneLayout;
  readonly isResized: boolean;
  readonly change?: LaneChange;
}

/** What shares a lane among the records that shards of a source bring: those of a key, or all of a shard. */
export type LaneLayout = 'key' | 'shard';

export interface LaneChange {
  readonly stage: 'to' | 'closed';
  readonly lanes: number;
  /** Nobody works on it any more after this time of Redis, milliseconds. */
  readonly untilMs: number;
  /** A random text: whose change it is. */
  readonly by: string;
}

const FORMAT = /^(\d+)( laid by shard)?( resized)?(?: (to|closed) (\d+) until (\d+) by (\S+))?$/;

/** @throws {TypeError} the text is no entry */
export function parseLaneEntry(text: string): LaneEntry {
  const [, lanes, byShard, resized, stage, next, until, by] = FORMAT.exec(text) ?? [];
  if (lanes === undefined) throw new TypeError(`expected a number of lanes, got ${JSON.stringify(text)}`);
  const layout: LaneLayout = byShard === undefined ? 'key' : 'shard';
  const entry = { lanes: Number(lanes), layout, isResized: resized !== undefined };
  if (stage === undefined) return entry;
  return { ...entry, change: { stage: stage as LaneChange['stage'], lanes: Number(next), untilMs: Number(until), by: by! } };
}

export function formatLaneEntry({ lanes, layout, isResized, change }: LaneEntry): string {
  const number = `${lanes}${layout === 'shard' ? ' laid by shard' : ''}${isResized ? ' resized' : ''}`;
  return change ? `${number} ${change.stage} ${change.lanes} until ${change.untilMs} by ${change.by}` : number;
}
