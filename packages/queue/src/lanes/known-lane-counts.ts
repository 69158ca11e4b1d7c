import type { RedisSession, TargetAddress } from '@sluice/redis';
import { recordLaneCount, type TargetLanes } from './lane-count.ts';

/** Which numbers of lanes were seen to be recorded, on the connection of an epoch: a Redis that comes back older may have forgotten them. */
interface Known {
  readonly epoch: number;
  readonly counts: Map<string, Promise<void>>;
}

const perSession = new WeakMap<RedisSession, Known>();

/** As {@link recordLaneCount}, once a target on each connection. */
export function ensureLaneCount(session: RedisSession, address: TargetAddress & TargetLanes): Promise<void> {
  const known = knownOf(session);
  const key = JSON.stringify([address.keyPrefix, address.target, address.lanes]);
  const counted = known.counts.get(key) ?? recordLaneCount(session, address);
  known.counts.set(key, counted);
  counted.catch(() => known.counts.delete(key));
  return counted;
}

function knownOf(session: RedisSession): Known {
  const before = perSession.get(session);
  if (before?.epoch === session.epoch) return before;
  const known: Known = { epoch: session.epoch, counts: new Map() };
  perSession.set(session, known);
  return known;
}
