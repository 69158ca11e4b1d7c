import type { Clock } from '@sluice/core';
import { LeaseEndingError } from '../errors.ts';
import type { LaneHold } from './lane-hold.ts';

/** A request starts only under leases that last for longer than this. */
export const LEASE_MARGIN_MS = 500;
/** A request that is still open ends when this is left of a lease, so that it has ended before another worker may own the lane. */
const LAST_MOMENT_MS = 250;

/**
 * Aborts an open request when the lease of one of its lanes is about to end. Leases are renewed while a request is open, so it may take
 * far longer than a lease lasts. Answers the way to stop watching.
 */
export function watchLeases(owners: ReadonlySet<LaneHold>, clock: Clock, abort: (reason: LeaseEndingError) => void): () => void {
  const leftMs = () => [...owners].reduce((least, owner) => Math.min(least, owner.leaseEndsInMs()), Number.POSITIVE_INFINITY);
  let timer: unknown;
  const look = () => {
    const untilLastMs = leftMs() - LAST_MOMENT_MS;
    if (untilLastMs <= 0) abort(new LeaseEndingError());
    else if (untilLastMs < Number.POSITIVE_INFINITY) timer = clock.setTimeout(look, untilLastMs);
  };
  look();
  return () => clock.clearTimeout(timer);
}
