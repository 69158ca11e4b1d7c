import { type LaneName, laneQueue, type RedisSession, type TargetAddress, targetsKey } from '@sluice/redis';
import { LaneCountMismatchError } from '../errors.ts';

/** A target, and the number of its lanes. */
export interface TargetLanes {
  readonly target: string;
  readonly lanes: number;
}

export interface KeyPrefixOption {
  /** What all keys begin with. @default 'sluice' */
  readonly keyPrefix?: string | undefined;
}

/**
 * Records the number of a target's lanes at its first use, and checks it from then on.
 * @throws {LaneCountMismatchError} another number is recorded
 */
export async function recordLaneCount(session: RedisSession, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<void> {
  if (!Number.isInteger(lanes) || lanes < 1) throw new RangeError(`expected a positive number of lanes, got ${lanes}`);
  const key = targetsKey(keyPrefix);
  const recorded = await session.run(session.epoch, async (client) => {
    // Read first: a full Redis refuses to write, also what it has.
    const before = await client.hget(key, target);
    if (before === null) await client.hsetnx(key, target, lanes);
    return Number(before ?? (await client.hget(key, target)));
  });
  if (recorded !== lanes) throw new LaneCountMismatchError(target, lanes, recorded);
}

/** Every target that was ever used, by name. */
export async function listTargets(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<TargetLanes[]> {
  const counts = await session.run(session.epoch, (client) => client.hgetall(targetsKey(keyPrefix)));
  return Object.entries(counts)
    .map(([target, lanes]) => ({ target, lanes: Number(lanes) }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** Every lane of every target, with its BullMQ queue. */
export async function listLanes(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<LaneName[]> {
  const targets = await listTargets(session, { keyPrefix });
  return targets.flatMap(({ target, lanes }) =>
    Array.from({ length: lanes }, (_, lane) => ({ target, lane, ...laneQueue({ keyPrefix, target, lane }) })),
  );
}
