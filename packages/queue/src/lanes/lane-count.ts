import { type LaneName, laneQueue, type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { LaneCountMismatchError } from '../errors.ts';
import { parseLaneEntry } from './lane-entry.ts';

/** A target, and the number of its lanes. */
export interface TargetLanes {
  readonly target: string;
  readonly lanes: number;
  /** An operator is changing the number: the lanes take nothing in. Absent otherwise. */
  readonly isClosed?: true;
}

export interface KeyPrefixOption {
  /** What all keys begin with. @default 'sluice' */
  readonly keyPrefix?: string | undefined;
}

/**
 * Records the number of a target's lanes at its first use. Answers the number that it has: another one than is asked for where an operator
 * changed it.
 * @throws {LaneCountMismatchError} another number is recorded, and no operator changed it
 */
export async function recordLaneCount(session: RedisSession, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<number> {
  if (!Number.isInteger(lanes) || lanes < 1) throw new RangeError(`expected a positive number of lanes, got ${lanes}`);
  const key = targetsKey(keyPrefix);
  const text = await session.run(session.epoch, async (client) => {
    // Read first: a full Redis refuses to write, also what it has.
    const before = await client.hget(key, target);
    if (before === null) await client.hsetnx(key, target, lanes);
    return before ?? (await client.hget(key, target)) ?? String(lanes);
  });
  const { lanes: recorded, isResized, change } = parseLaneEntry(text);
  if (recorded !== lanes && !isResized && !change) throw new LaneCountMismatchError(target, lanes, recorded);
  return recorded;
}

/** How many lanes a target has; 0 where it was never used. */
export async function readLaneCount(session: RedisSession, { keyPrefix, target }: TargetAddress): Promise<number> {
  const text = await session.run(session.epoch, (client) => client.hget(targetsKey(keyPrefix), target));
  return text === null ? 0 : parseLaneEntry(text).lanes;
}

/** Every target that was ever used, by name. */
export async function listTargets(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<TargetLanes[]> {
  const entries = await session.run(session.epoch, (client) => client.hgetall(targetsKey(keyPrefix)));
  return Object.entries(entries)
    .map(([target, text]): TargetLanes => {
      const { lanes, change } = parseLaneEntry(text);
      return { target, lanes, ...(change?.stage === 'closed' && { isClosed: true }) };
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
