import type { RedisSession, TargetAddress } from '@sluice/redis';
import { recordLanes, type TargetLanes } from './lane-count.ts';

/** The numbers of lanes that were seen, on the connection of an epoch: a Redis that comes back older may have forgotten them. */
interface Known {
  readonly epoch: number;
  readonly counts: Map<string, Promise<number>>;
}

const perSession = new WeakMap<RedisSession, Known>();

/** The number that {@link recordLanes} answers, once a target on each connection, until it is forgotten. */
export function laneNumberOf(session: RedisSession, address: TargetAddress & TargetLanes): Promise<number> {
  const { counts } = knownOf(session);
  const key = keyOf(address);
  const counted = counts.get(key) ?? recordLanes(session, address).then(({ lanes }) => lanes);
  counts.set(key, counted);
  counted.catch(() => counts.delete(key));
  return counted;
}

/** A lane of the target has refused something that was sent under the number known here. */
export function forgetLaneNumber(session: RedisSession, address: TargetAddress & TargetLanes): void {
  knownOf(session).counts.delete(keyOf(address));
}

const keyOf = ({ keyPrefix, target, lanes }: TargetAddress & TargetLanes): string => JSON.stringify([keyPrefix, target, lanes]);

function knownOf(session: RedisSession): Known {
  const before = perSession.get(session);
  if (before?.epoch === session.epoch) return before;
  const known: Known = { epoch: session.epoch, counts: new Map() };
  perSession.set(session, known);
  return known;
}
