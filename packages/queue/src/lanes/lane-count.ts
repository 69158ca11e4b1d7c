import { type LaneName, laneKeys, laneQueue, type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { LaneCountMismatchError, LaneLayoutMismatchError } from '../errors.ts';
import { closeLanes } from './close-lanes.ts';
import { formatLaneEntry, type LaneEntry, type LaneLayout, parseLaneEntry } from './lane-entry.ts';

/** A target, and the number of its lanes. */
export interface TargetLanes {
  readonly target: string;
  readonly lanes: number;
  /** An operator is changing the number: the lanes take nothing in. Absent otherwise. */
  readonly isClosed?: true;
}

interface ListedTarget extends TargetLanes {
  readonly layout: LaneLayout;
}

export interface KeyPrefixOption {
  /** What all keys begin with. @default 'sluice' */
  readonly keyPrefix?: string | undefined;
}

/** The lanes of a target, as Redis has them. */
export interface RecordedLanes {
  readonly lanes: number;
  readonly layout: LaneLayout;
}

export interface ConfiguredLanes extends TargetAddress, TargetLanes {
  /** Absent where the caller puts nothing of a shard into them. */
  readonly layout?: LaneLayout | undefined;
}

/**
 * Records the number of a target's lanes, and how they are laid, at its first use. Answers what it has: others than are asked for where an
 * operator changed them.
 * @throws {LaneCountMismatchError} another number is recorded, and no operator changed it
 * @throws {LaneLayoutMismatchError} they are to be laid by shard, are used, and are laid by key
 */
export async function recordLanes(session: RedisSession, configured: ConfiguredLanes): Promise<RecordedLanes> {
  const { keyPrefix, target, lanes, layout = 'key' } = configured;
  if (!Number.isInteger(lanes) || lanes < 1) throw new RangeError(`expected a positive number of lanes, got ${lanes}`);
  const key = targetsKey(keyPrefix);
  const text = await session.run(session.epoch, async (client) => {
    // Read first: a full Redis refuses to write, also what it has.
    const before = await client.hget(key, target);
    const first = formatLaneEntry({ lanes, layout, isResized: false });
    if (before === null) await client.hsetnx(key, target, first);
    return before ?? (await client.hget(key, target)) ?? first;
  });
  const entry = parseLaneEntry(text);
  if (entry.lanes !== lanes && !entry.isResized && !entry.change) throw new LaneCountMismatchError(target, lanes, entry.lanes);
  if (layout !== 'shard' || entry.layout === 'shard') return entry;
  if (entry.change || !(await layUnused(session, { keyPrefix, target }, entry))) throw new LaneLayoutMismatchError(target, entry.lanes);
  return { lanes: entry.lanes, layout };
}

/** Lays lanes by shard into which nothing was ever put: who used them first did not say how. Answers `false` where something was. */
async function layUnused(session: RedisSession, { keyPrefix, target }: TargetAddress, entry: LaneEntry): Promise<boolean> {
  const keys = Array.from({ length: entry.lanes }, (_, lane) => laneKeys({ keyPrefix, target, lane }));
  return closeLanes(session, { keyPrefix, target }, keys, {
    before: formatLaneEntry(entry),
    after: formatLaneEntry({ ...entry, layout: 'shard' }),
    newestIds: keys.map(() => '0'),
  }).then((outcome) => outcome === 'closed');
}

/** How many lanes a target has; 0 where it was never used. */
export async function readLaneCount(session: RedisSession, { keyPrefix, target }: TargetAddress): Promise<number> {
  const text = await session.run(session.epoch, (client) => client.hget(targetsKey(keyPrefix), target));
  return text === null ? 0 : parseLaneEntry(text).lanes;
}

/** Every target that was ever used, by name. */
export async function listTargets(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<ListedTarget[]> {
  const entries = await session.run(session.epoch, (client) => client.hgetall(targetsKey(keyPrefix)));
  return Object.entries(entries)
    .map(([target, text]): ListedTarget => {
      const { lanes, layout, change } = parseLaneEntry(text);
      return { target, lanes, layout, ...(change?.stage === 'closed' && { isClosed: true }) };
    })
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** Every lane of every target, with its BullMQ queue. */
export async function listLanes(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<LaneName[]> {
  const targets = await listTargets(session, { keyPrefix });
  return targets.flatMap(({ target, lanes }) =>
    Array.from({ length: lanes }, (_, lane) => ({ target, lane, ...laneQueue({ keyPrefix, target, lane }) })),
  );
}
